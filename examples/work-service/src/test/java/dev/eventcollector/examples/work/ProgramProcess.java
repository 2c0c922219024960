package dev.eventcollector.examples.work;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One of the programs in a JVM of its own, as its users run it. */
public final class ProgramProcess implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path log;

  private ProgramProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Where its broker and its database are; empty for none. */
  public record Surroundings(Path directory, String amqpUri, String databaseUrl) {

    /** Runs a program, which writes its log to a file in the directory. */
    public ProgramProcess start(Class<?> program, String... arguments) throws IOException {
      return startOn(List.of(), program, arguments);
    }

    /** The same, on a JVM with these options. */
    public ProgramProcess startOn(List<String> jvm, Class<?> program, String... arguments)
        throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
      // Where this JVM was sent, as by -Pfar-away.
      Stream.of("user.language", "user.country", "user.timezone")
          .filter(property -> System.getProperty(property) != null)
          .forEach(property -> command.add("-D" + property + "=" + System.getProperty(property)));
      command.addAll(jvm);
      command.add(program.getName());
      command.addAll(List.of(arguments));
      Path log = Files.createTempFile(directory, program.getSimpleName(), ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().put("AMQP_URI", amqpUri);
      builder.environment().put("DATABASE_URL", databaseUrl);
      return new ProgramProcess(builder.start(), log);
    }
  }

  /** What it has written. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the log says this; fails when it never will. */
  public boolean says(String text) {
    boolean alive = process.isAlive();
    boolean said = log().contains(text);
    if (!said && !alive) {
      throw new AssertionError("it ended without a word of '" + text + "':\n" + log());
    }
    return said;
  }

  /** The first group of each match in the log. */
  public List<String> findAll(String expression) {
    Matcher matcher = Pattern.compile(expression).matcher(log());
    return Stream.generate(() -> matcher.find() ? matcher.group(1) : "")
        .takeWhile(found -> !found.isEmpty())
        .toList();
  }

  /** How often the log says this. */
  public int count(String text) {
    return log().split(Pattern.quote(text), -1).length - 1;
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    exitCode();
  }

  /** SIGTERM; its exit code. */
  public int end() throws InterruptedException {
    process.destroy();
    return exitCode();
  }

  /** Its exit code, once it has ended. */
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("it did not end:\n" + log());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
