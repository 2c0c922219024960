package dev.eventcollector.examples.support.program;

import dev.eventcollector.examples.support.logging.OneLine;
import dev.eventcollector.examples.support.settings.WrongSettingException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program from its {@code main} to its exit code: 0, or {@link #FAILED}, or {@link
 * #WRONG_SETTING}; with one line on the standard error stream that gives the reason.
 *
 * <pre>{@code
 * public static void main(String[] arguments) {
 *   Program.run("my-app", () -> {
 *     MySettings settings = MySettings.read(arguments, System.getenv());
 *     Program.serve(parts -> MyApp.start(settings, parts), settings.drainTimeout());
 *   });
 * }
 * }</pre>
 */
public final class Program {

  /** The exit code of a program that has done its work. */
  public static final int SUCCEEDED = 0;

  /** The exit code when something failed, or work was left undone. */
  public static final int FAILED = 1;

  /** The exit code when a setting is wrong. */
  public static final int WRONG_SETTING = 2;

  private Program() {}

  /** The body of a {@code main} method. */
  @FunctionalInterface
  public interface Body {
    /** Does the work, or starts it. */
    void run() throws Exception;
  }

  /** Runs the body; ends the process when it throws anything. */
  public static void run(String name, Body body) {
    Locale.setDefault(Locale.ROOT); // libraries format and read with it, too
    try {
      body.run();
    } catch (Exception | Error e) {
      boolean isWorded = e instanceof IOException || e instanceof WrongSettingException;
      String reason = String.valueOf(isWorded ? e.getMessage() : e);
      List<String> lines =
          e instanceof WrongSettingException ? reason.lines().toList() : List.of(reason);
      lines.forEach(line -> System.err.println(name + ": " + OneLine.of(line)));
      System.exit(exitCodeOf(e)); // threads that were started would keep the process alive
    }
  }

  static int exitCodeOf(Throwable reason) {
    return reason instanceof WrongSettingException ? WRONG_SETTING : FAILED;
  }

  /**
   * Starts a service, which runs until the process gets a SIGTERM or SIGINT, or {@link #end()} is
   * called. It is drained then; the exit code is {@link #FAILED} if something was left.
   *
   * @throws IOException when it cannot be started; its parts are closed with the process
   * @throws WrongSettingException as the service's start does
   */
  public static void serve(Startable program, Duration drainTimeout)
      throws IOException, WrongSettingException {
    Serving.start(program, drainTimeout);
  }

  /** Ends the process as a SIGTERM does: drains, and returns at once. */
  public static void end() {
    new Thread(() -> System.exit(SUCCEEDED), "end").start();
  }

  /**
   * Prints a text such as the help, and tells whether there was one.
   *
   * @throws IOException when it cannot be written: a full disk, a closed pipe
   */
  public static boolean print(@Nullable String text) throws IOException {
    if (text == null) {
      return false;
    }
    System.out.print(text);
    if (System.out.checkError()) {
      throw new IOException("the output cannot be written");
    }
    return true;
  }
}
