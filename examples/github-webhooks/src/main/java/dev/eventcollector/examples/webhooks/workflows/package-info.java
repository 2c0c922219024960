/**
 * Chooses workflows: {@link dev.eventcollector.examples.webhooks.workflows.WorkflowMatcher} is the
 * front door, {@link dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration} reads
 * the file with the rules.
 */
@NullMarked
package dev.eventcollector.examples.webhooks.workflows;

import org.jspecify.annotations.NullMarked;
