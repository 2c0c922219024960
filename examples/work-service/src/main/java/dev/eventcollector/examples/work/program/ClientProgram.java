package dev.eventcollector.examples.work.program;

import dev.eventcollector.examples.support.logging.OneLine;
import dev.eventcollector.examples.support.program.Program;
import dev.eventcollector.examples.support.settings.WrongSettingException;
import java.util.Locale;
import picocli.CommandLine;

/** A program that asks something, prints the answer, and ends. */
public final class ClientProgram {

  private ClientProgram() {}

  /** Runs it, without a log, and ends the process with its exit code. */
  public static void run(CommandLine client, String[] arguments) {
    System.setProperty("logback.configurationFile", "logback-client.xml");
    Locale.setDefault(Locale.ROOT); // libraries format and read with it, too
    System.exit(exitCode(client, arguments));
  }

  /**
   * Runs it, and tells its exit code. It is 1 also when something went wrong that nobody has
   * thought of, or when the output could not be written: a full disk, a closed pipe.
   */
  public static int exitCode(CommandLine client, String[] arguments) {
    client.setParameterExceptionHandler(
        (e, values) -> {
          e.getCommandLine().getErr().println(WrongSettingException.describe(e));
          return Program.WRONG_SETTING;
        });
    client.setExecutionExceptionHandler(
        (e, commandLine, result) -> {
          commandLine.getErr().println(OneLine.of(e.toString()));
          return Program.FAILED;
        });
    int code = client.execute(arguments);
    if (client.getOut().checkError() || System.out.checkError()) {
      client.getErr().println("the output cannot be written");
      return code == Program.SUCCEEDED ? Program.FAILED : code;
    }
    return code;
  }
}
