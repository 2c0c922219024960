package dev.eventcollector.rabbitmq.faultlab;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process with its children that never outlives this JVM: a shell that leads their process group
 * kills the group (kill -9) as soon as its standard input ends, which it also does when the JVM is
 * killed.
 */
public final class GuardedProcess {

  private static final String GUARD = "\"$@\" </dev/null & cat >/dev/null; kill -9 0";

  private final Process guard;

  private GuardedProcess(Process guard) {
    this.guard = guard;
  }

  public static GuardedProcess start(
      File output, Map<String, String> environment, String... command) throws IOException {
    List<String> guarded = new ArrayList<>(List.of("setsid", "sh", "-c", GUARD, "guard"));
    guarded.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(guarded);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(output));
    return new GuardedProcess(builder.start());
  }

  /** As kill -9, for all of them. */
  public void kill() {
    try {
      guard.getOutputStream().close();
    } catch (IOException e) {
      // It has ended already.
    }
    try {
      if (!guard.waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process group " + guard.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
