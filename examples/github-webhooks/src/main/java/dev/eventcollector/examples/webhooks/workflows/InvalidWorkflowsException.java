package dev.eventcollector.examples.webhooks.workflows;

import java.util.List;

/** A workflow configuration that is not to be used; the message names everything that is wrong. */
public final class InvalidWorkflowsException extends Exception {

  private static final long serialVersionUID = 1L;

  InvalidWorkflowsException(String problem) {
    super(problem);
  }

  InvalidWorkflowsException(List<String> problems) {
    super(String.join("; ", problems));
  }
}
