package dev.eventcollector.examples.work.program;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
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

  private static final int MAX_CHARACTERS = 1_000;

  private Program() {}

  /** Runs a service until the process is told to end. */
  public static void run(Startable program, String[] arguments) {
    Locale.setDefault(Locale.ROOT); // the libraries format and read with it, too
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
    AtomicReference<@Nullable Service> running = new AtomicReference<>();
    AtomicInteger exitCode = new AtomicInteger(SUCCEEDED);
    // Before anything is started, so that a SIGTERM meanwhile leaves nothing behind either.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> end(program, running.get(), exitCode.get()), "drain"));
    try {
      running.set(program.start());
      // The library's threads are daemons, which keep no JVM alive.
      new Thread(Program::liveForEver, "alive").start();
    } catch (IOException e) {
      exitCode.set(FAILED);
      fail(commandLine, String.valueOf(e.getMessage()), FAILED);
    } catch (RuntimeException | Error e) {
      exitCode.set(FAILED);
      fail(commandLine, e.toString(), FAILED);
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

  /** Runs a command-line client, and ends the process with its exit code. */
  public static void runClient(CommandLine client, String[] arguments) {
    System.setProperty("logback.configurationFile", "logback-client.xml");
    Locale.setDefault(Locale.ROOT);
    System.exit(exitCodeOfClient(client, arguments));
  }

  /**
   * Runs a client, and tells its exit code. It is {@link #FAILED} also when something went wrong
   * that nobody has thought of, or when the output could not be written: a full disk, a closed
   * pipe.
   */
  public static int exitCodeOfClient(CommandLine client, String[] arguments) {
    client.setParameterExceptionHandler(
        (e, values) -> {
          e.getCommandLine().getErr().println(oneLine(messageOf(e)));
          return WRONG_SETTING;
        });
    client.setExecutionExceptionHandler(
        (e, commandLine, result) -> {
          commandLine.getErr().println(oneLine(e.toString()));
          return FAILED;
        });
    int code = client.execute(arguments);
    if (client.getOut().checkError() || System.out.checkError()) {
      client.getErr().println("the output cannot be written");
      return code == SUCCEEDED ? FAILED : code;
    }
    return code;
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
    System.err.println(commandLine.getCommandName() + ": " + oneLine(reason));
    System.exit(exitCode);
  }

  /** A text of somebody else, such as a server's message. */
  public static String oneLine(String text) {
    String start = text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) : text;
    return start.strip().replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ");
  }

  private static void liveForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Halts, because a JVM that was ended by a signal would exit with the signal's number. */
  private static void end(Startable program, @Nullable Service service, int exitCode) {
    int code = exitCode;
    try {
      if (service != null && !drain(program, service)) {
        code = FAILED;
      }
      Cleanup.run();
    } catch (RuntimeException | Error e) {
      code = FAILED;
    } finally {
      Runtime.getRuntime().halt(code);
    }
  }

  private static boolean drain(Startable program, Service service) {
    Logger logger = LoggerFactory.getLogger(program.getClass());
    boolean drained = false;
    try {
      drained = service.drain(Deadline.in(program.drainTimeout()));
    } catch (RuntimeException | Error e) {
      logger.error("ending went wrong", e);
    }
    if (drained) {
      logger.info("drained: nothing is left");
    } else {
      logger.error("not drained within {}", program.drainTimeout());
    }
    return drained;
  }
}
