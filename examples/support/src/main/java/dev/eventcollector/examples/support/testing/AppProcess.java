package dev.eventcollector.examples.support.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * An app in a JVM of its own, as its users run it. Close it at the end of the test.
 *
 * <pre>{@code
 * try (AppProcess app = AppProcess.of(MyApp.class).with("PORT", "0").start(folder)) {
 *   URI address = app.awaitListening();
 *   ...
 *   assertThat(app.end()).as(app.output()).isZero();
 * }
 * }</pre>
 */
public final class AppProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
  private static final Pattern LISTENING = Pattern.compile("listening on (http:[^\\s\"]+)");

  private final Process process;
  private final Path output;

  AppProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** A process that is not started, with an environment that sets nothing. */
  public static Launch of(Class<?> main) {
    return new Launch(main);
  }

  /** Its standard output and error so far. A slash in JSON has no backslash before it. */
  public String output() {
    try {
      return new String(Files.readAllBytes(output), StandardCharsets.UTF_8).replace("\\/", "/");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of its output that have a match. */
  public List<String> lines(String expression) {
    Pattern pattern = Pattern.compile(expression);
    return output().lines().filter(line -> pattern.matcher(line).find()).toList();
  }

  /** The first group of each match in its output. */
  public List<String> findAll(String expression) {
    return find(Pattern.compile(expression)).stream().map(match -> match.group(1)).toList();
  }

  private List<MatchResult> find(Pattern pattern) {
    return pattern.matcher(output()).results().toList();
  }

  /**
   * Waits until its output has a match, for two minutes at most.
   *
   * @return the first match
   */
  public MatchResult await(Pattern pattern) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      boolean isOver = !process.isAlive() || System.nanoTime() > deadline; // before the last look
      List<MatchResult> found = find(pattern);
      if (!found.isEmpty()) {
        return found.get(0);
      }
      if (isOver) {
        throw new AssertionError(
            (process.isAlive() ? "it does not say " : "it ended and did not say ")
                + pattern
                + ":\n"
                + output());
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  /** Waits until its output has the text. */
  public void await(String text) {
    await(Pattern.compile(Pattern.quote(text)));
  }

  /** Waits until it listens; the address from its log. */
  public URI awaitListening() {
    return URI.create(await(LISTENING).group(1));
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it has not ended yet. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Sends a SIGTERM, and does not wait. */
  public void terminate() {
    process.destroy();
  }

  /** Sends a SIGTERM; its exit code. */
  public int end() throws InterruptedException {
    terminate();
    return exitCode();
  }

  /** Sends a SIGKILL, and waits until it has ended. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    exitCode();
  }

  /** Its exit code once it has ended, for which it has two minutes. */
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end:\n" + output());
    }
    return process.exitValue();
  }

  /** Kills it. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      exitCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
