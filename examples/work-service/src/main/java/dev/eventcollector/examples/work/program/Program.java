package dev.eventcollector.examples.work.program;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Reads a program's settings, starts it, and ends it on a SIGTERM or SIGINT. */
public final class Program {

  /** It did what it was to do. */
  public static final int SUCCEEDED = 0;

  /** Something failed, or was left undone. */
  public static final int FAILED = 1;

  /** A setting is wrong. */
  public static final int WRONG_SETTING = 2;

  private Program() {}

  /** Runs a service until the process is told to end. */
  public static void run(Startable program, String[] arguments) {
    CommandLine commandLine = commandLine(program, System.getenv());
    try {
      commandLine.parseArgs(arguments);
    } catch (ParameterException e) {
      fail(commandLine, messageOf(e), WRONG_SETTING);
    }
    if (commandLine.isUsageHelpRequested()) {
      commandLine.usage(System.out);
      System.exit(SUCCEEDED);
    }
    try {
      Service service = program.start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(program, service), "drain"));
      // The library's threads are daemons, which keep no JVM alive.
      new Thread(Program::liveForEver, "alive").start();
    } catch (IOException e) {
      fail(commandLine, String.valueOf(e.getMessage()), FAILED);
    }
  }

  /** Takes what no flag has set from the environment, where an empty variable counts as none. */
  public static CommandLine commandLine(Object program, Map<String, String> environment) {
    IDefaultValueProvider fromEnvironment =
        (ArgSpec setting) -> {
          String value = environment.getOrDefault(setting.paramLabel(), "");
          return value.isEmpty() ? null : value;
        };
    return new CommandLine(program)
        .setDefaultValueProvider(fromEnvironment)
        .setUsageHelpWidth(110)
        .setUsageHelpAutoWidth(false);
  }

  /** One line that names the setting, the value unless it may be secret, and the rule. */
  public static String messageOf(ParameterException e) {
    return e.getArgSpec() instanceof OptionSpec option && e.getCause() != null
        ? String.format(
            Locale.ROOT,
            "%s (%s): %s",
            option.longestName(),
            option.paramLabel(),
            e.getCause().getMessage())
        : String.valueOf(e.getMessage());
  }

  private static void fail(CommandLine commandLine, String reason, int exitCode) {
    System.err.println(commandLine.getCommandName() + ": " + reason);
    System.exit(exitCode);
  }

  private static void liveForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Halts, because a JVM that was ended by a signal would exit with the signal's number. */
  private static void end(Startable program, Service service) {
    Logger logger = LoggerFactory.getLogger(program.getClass());
    boolean drained = false;
    try {
      drained = service.drain(Deadline.in(program.drainTimeout()));
    } catch (RuntimeException e) {
      logger.error("ending went wrong", e);
    }
    if (drained) {
      logger.info("drained: nothing is left");
    } else {
      logger.error("not drained within {}", program.drainTimeout());
    }
    Runtime.getRuntime().halt(drained ? SUCCEEDED : FAILED);
  }
}
