package dev.eventcollector.examples.jshell;

import dev.eventcollector.examples.support.program.Program;
import dev.eventcollector.examples.support.settings.WrongSettingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jshell.tool.JavaShellToolBuilder;

/** Starts the JDK's JShell with the library on its class path and the start-up file run. */
public final class JShellConsole {

  private JShellConsole() {}

  /** Passes the arguments on to JShell; ends with its exit code, or 2 when AMQP_URI is wrong. */
  public static void main(String[] arguments) {
    Program.run(
        "jshell",
        () -> {
          try {
            Console.brokerUris(System.getenv());
          } catch (IllegalArgumentException e) {
            throw new WrongSettingException(String.valueOf(e.getMessage()), e);
          }
          System.exit(run(arguments));
        });
  }

  private static int run(String[] arguments) throws Exception {
    Path startUp = startUpFile();
    try {
      return JavaShellToolBuilder.builder().start(withOurs(arguments, startUp));
    } finally {
      Files.deleteIfExists(startUp);
    }
  }

  /** The start-up file, and not one that is merely loaded, so that /reset runs it again. */
  private static String[] withOurs(String[] arguments, Path startUp) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("--class-path", System.getProperty("java.class.path")));
    all.addAll(List.of("--startup", "DEFAULT", "--startup", startUp.toString()));
    all.addAll(List.of("--feedback", "concise"));
    all.add("-R-XX:TieredStopAtLevel=1"); // the prompt comes sooner
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  private static Path startUpFile() throws IOException {
    try (InputStream file = JShellConsole.class.getResourceAsStream("events.jsh")) {
      if (file == null) {
        throw new IOException("events.jsh is not in the jar");
      }
      Path copy = Files.createTempFile("events", ".jsh");
      Files.write(copy, file.readAllBytes());
      copy.toFile().deleteOnExit();
      return copy;
    }
  }
}
