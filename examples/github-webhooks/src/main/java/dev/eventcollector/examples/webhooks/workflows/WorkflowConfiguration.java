package dev.eventcollector.examples.webhooks.workflows;

import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The workflows that a file tells of; see {@code workflows.yaml}, the sample.
 *
 * @param warnings parts of the file that cannot have an effect
 */
public record WorkflowConfiguration(String source, List<Workflow> workflows, List<String> warnings)
    implements WorkflowMatcher {

  private static final String SAMPLE = "workflows.yaml";
  private static final BoundedFile FILES = new BoundedFile();
  private static final int MAX_NAMED = 10;

  /**
   * Reads a file.
   *
   * @throws InvalidWorkflowsException names every problem with its line, or says why the file
   *     cannot be read
   */
  public static WorkflowConfiguration read(Path file) throws InvalidWorkflowsException {
    try {
      return parse(file.toString(), FILES.read(file));
    } catch (IOException e) {
      throw new InvalidWorkflowsException(file + " cannot be read: " + reason(e));
    }
  }

  /** The sample that comes with the app. */
  public static WorkflowConfiguration sample() {
    try (InputStream in =
        Objects.requireNonNull(WorkflowConfiguration.class.getResourceAsStream(SAMPLE))) {
      return parse("the sample", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InvalidWorkflowsException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads YAML; the source is named in messages. */
  static WorkflowConfiguration parse(String source, String yaml) throws InvalidWorkflowsException {
    WorkflowParser parser = new WorkflowParser(source);
    List<Workflow> workflows = parser.parse(yaml);
    return new WorkflowConfiguration(source, workflows, parser.warnings());
  }

  /** Why a file cannot be read, for people. */
  static String reason(IOException e) {
    return e.getClass() == IOException.class ? String.valueOf(e.getMessage()) : e.toString();
  }

  /** The names of its workflows, for the log; not all when there are many. */
  public String names() {
    String more = workflows.size() > MAX_NAMED ? ", ..." : "";
    return workflows.stream()
        .map(Workflow::name)
        .limit(MAX_NAMED)
        .collect(Collectors.joining(", ", "", more));
  }

  @Override
  public Decision decide(ReceivedEvent event) {
    return Decision.of(event, workflows);
  }
}
