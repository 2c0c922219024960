package dev.eventcollector.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** The live heap of this JVM, class by class, after a full collection. */
final class LiveHeap {

  private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+).*");

  private LiveHeap() {}

  /** Bytes by class. */
  static Map<String, Long> byClass() throws JMException {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    Map<String, Long> bytes = new HashMap<>();
    histogram
        .lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(line -> bytes.merge(line.group(2), Long.valueOf(line.group(1)), Long::sum));
    return bytes;
  }

  static long bytes() throws JMException {
    return sum(byClass());
  }

  static long sum(Map<String, Long> byClass) {
    return byClass.values().stream().mapToLong(Long::longValue).sum();
  }
}
