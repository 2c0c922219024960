package dev.eventcollector.examples.webhooks.workflows;

import java.util.List;

/**
 * Whether an event starts a workflow, and why.
 *
 * @param starts whether all rules hold
 */
public record Verdict(String workflow, boolean starts, List<Rule> rules) {}
