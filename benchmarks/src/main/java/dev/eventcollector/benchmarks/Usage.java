package dev.eventcollector.benchmarks;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * CPU time and allocation of this process, since its start.
 *
 * @param compilerNanos the part of the CPU time that the just-in-time compilers took; 0 where the
 *     operating system does not tell
 */
record Usage(long cpuNanos, long compilerNanos, long allocatedBytes) {

  private static final com.sun.management.OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
  private static final com.sun.management.ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class);

  /** The last known allocation of every thread, so that one that ends takes nothing away. */
  private static final Map<Long, Long> ALLOCATED = new HashMap<>();

  private static final Map<String, Long> COMPILED = new HashMap<>();

  /** Misses the allocation of a thread that lived only between two calls. */
  static synchronized Usage now() {
    long[] ids = THREADS.getAllThreadIds();
    long[] bytes = THREADS.getThreadAllocatedBytes(ids);
    for (int i = 0; i < ids.length; i++) {
      ALLOCATED.merge(ids[i], bytes[i], Math::max);
    }
    return new Usage(SYSTEM.getProcessCpuTime(), compilers(), sum(ALLOCATED));
  }

  private static long sum(Map<?, Long> values) {
    return values.values().stream().mapToLong(Long::longValue).sum();
  }

  /** From Linux: the first figure in a task's schedstat is its time on a CPU. */
  private static long compilers() {
    File[] tasks = new File("/proc/self/task").listFiles();
    if (tasks == null) {
      return 0;
    }
    for (File task : tasks) {
      Path folder = task.toPath();
      try {
        if (Files.readString(folder.resolve("comm")).matches("(?s)C[12] CompilerThre.*")) {
          String nanos = Files.readString(folder.resolve("schedstat")).split(" ", 2)[0];
          COMPILED.merge(task.getName(), Long.parseLong(nanos), Math::max);
        }
      } catch (IOException e) {
        // The thread has ended; what it had used before stays.
      }
    }
    return sum(COMPILED);
  }

  Usage minus(Usage before) {
    return new Usage(
        cpuNanos - before.cpuNanos,
        compilerNanos - before.compilerNanos,
        allocatedBytes - before.allocatedBytes);
  }

  /** Without the compilers', which is over once a service has run for a while. */
  long steadyCpuNanos() {
    return cpuNanos - compilerNanos;
  }
}
