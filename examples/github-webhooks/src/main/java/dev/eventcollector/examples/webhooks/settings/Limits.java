package dev.eventcollector.examples.webhooks.settings;

import dev.eventcollector.examples.support.settings.Rule;
import dev.eventcollector.examples.support.settings.TimeRule;
import dev.eventcollector.examples.support.settings.WholeNumberRule;
import dev.eventcollector.examples.webhooks.workflows.InvalidWorkflowsException;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import java.nio.file.Path;
import java.util.Arrays;

/** The rules of this app's own settings. */
final class Limits {

  private Limits() {}

  /** A configuration file, which is read. */
  static final class Workflows extends Rule<WorkflowConfiguration> {
    @Override
    protected WorkflowConfiguration read(String value) {
      try {
        return WorkflowConfiguration.read(Path.of(value));
      } catch (InvalidWorkflowsException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
  }

  /** Threads, more or less. */
  static final class Concurrency extends WholeNumberRule {
    Concurrency() {
      super(1, 1_000);
    }
  }

  /** A number of delivery ids, of about 150 bytes each. */
  static final class CompletedMemory extends WholeNumberRule {
    CompletedMemory() {
      super(1, 10_000_000);
    }
  }

  /** Room for one of the largest bodies at least; more than 2 GB have no use. */
  static final class BodyMegabytes extends WholeNumberRule {
    BodyMegabytes() {
      super(25, 2_000);
    }
  }

  /** Before a delivery is tried again. */
  static final class RetryDelays extends Rule<Settings.Delays> {
    private static final TimeRule EACH = new TimeRule("10ms", "20m") {};

    @Override
    protected Settings.Delays read(String value) {
      return new Settings.Delays(Arrays.stream(value.split(",", -1)).map(EACH::convert).toList());
    }
  }

  /** Short enough to answer before GitHub hangs up. */
  static final class PublishTimeout extends TimeRule {
    PublishTimeout() {
      super("100ms", "8s");
    }
  }

  /** Long enough for 25 MB. */
  static final class RequestTimeout extends TimeRule {
    RequestTimeout() {
      super("100ms", "5m");
    }
  }
}
