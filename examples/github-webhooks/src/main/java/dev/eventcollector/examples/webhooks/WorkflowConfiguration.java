package dev.eventcollector.examples.webhooks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The workflows that a file tells of; see {@code workflows.yaml}, the sample. */
record WorkflowConfiguration(String source, List<Workflow> workflows) implements WorkflowMatcher {

  private static final String SAMPLE = "workflows.yaml";

  /**
   * Reads a file.
   *
   * @throws InvalidWorkflowsException names every problem with its line, or says why the file
   *     cannot be read
   */
  static WorkflowConfiguration read(Path file) throws InvalidWorkflowsException {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new InvalidWorkflowsException(file + " cannot be read: " + e);
    }
  }

  /** The sample that comes with the app. */
  static WorkflowConfiguration sample() {
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
    return new WorkflowConfiguration(source, new WorkflowParser(source).parse(yaml));
  }

  @Override
  public List<String> workflowsFor(ReceivedEvent event) {
    return workflows.stream()
        .filter(workflow -> workflow.runsOn(event))
        .map(Workflow::name)
        .toList();
  }
}
