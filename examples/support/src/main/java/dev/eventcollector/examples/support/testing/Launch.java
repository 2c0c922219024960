package dev.eventcollector.examples.support.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The way in which an {@link AppProcess} is started. */
public final class Launch {

  /** All that a JVM and its libraries need of a test's environment; no setting of an app. */
  private static final Set<String> INHERITED =
      Set.of("PATH", "HOME", "TMPDIR", "TMP", "TEMP", "LANG", "LC_ALL", "SystemRoot");

  private final Class<?> main;
  private final List<String> options = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private List<String> before = List.of();

  Launch(Class<?> main) {
    this.main = main;
  }

  /** Arguments of the app, after those given before. */
  public Launch arguments(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /** A variable of the app's environment. */
  public Launch with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Variables of the app's environment. */
  public Launch with(Map<String, String> variables) {
    environment.putAll(variables);
    return this;
  }

  /** Options of the JVM, such as {@code -Xmx64m}. */
  public Launch jvm(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /** The end of this shell script starts it, which may change its folder or limits. */
  public Launch by(String script) {
    before = List.of("sh", "-c", script + "; exec \"$@\"", "sh");
    return this;
  }

  /** Starts it; its output goes to a new file in the folder. */
  public AppProcess start(Path folder) throws IOException {
    Path output = Files.createTempFile(folder, main.getSimpleName(), ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command()).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().keySet().retainAll(INHERITED);
    builder.environment().putAll(environment);
    return new AppProcess(builder.start(), output);
  }

  private List<String> command() {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.add("-Dlogback.configurationFile=logback.xml"); // the app's, not the one of its tests
    // The place of this JVM, as given by -Pfar-away.
    Stream.of("user.language", "user.country", "user.timezone")
        .filter(property -> System.getProperty(property) != null)
        .forEach(property -> command.add("-D" + property + "=" + System.getProperty(property)));
    command.addAll(options);
    command.add(main.getName());
    command.addAll(arguments);
    return command;
  }
}
