package dev.eventcollector.examples.webhooks.workflows;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One condition of a workflow, beside what an event has.
 *
 * @param field of the workflow's configuration, such as {@code branches}
 * @param wanted any of these would do
 * @param has what the event has; null for nothing of the kind
 * @param note why it does not hold, where {@code has} alone would not tell; null otherwise
 */
public record Rule(
    String field,
    List<String> wanted,
    @Nullable String has,
    boolean holds,
    @Nullable String note) {}
