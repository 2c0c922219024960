package dev.eventcollector.servlet;

import dev.eventcollector.EventCollector;
import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import dev.eventcollector.servlet.EventPublishingFilter.SuccessRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Configures an {@link EventPublishingFilter}. Init parameters of the same names can set all but
 * the collector, and take precedence.
 *
 * <p>Not safe for use by many threads.
 */
public final class EventPublishingFilterBuilder {

  private EventCollector collector = EventCollector.threadSingletonInstance();
  private Mode mode;
  private SuccessRule success;
  private boolean publishBeforeCommit;
  private boolean withdrawUnconfirmed;
  private Duration retryAfter;
  private final List<String> problems = new ArrayList<>();

  EventPublishingFilterBuilder(FilterSettings settings) {
    mode = settings.mode();
    success = settings.success();
    publishBeforeCommit = settings.publishBeforeCommit();
    withdrawUnconfirmed = settings.withdrawUnconfirmed();
    retryAfter = settings.retryAfter();
  }

  /**
   * Collects the events of the requests. Defaults to {@link
   * EventCollector#threadSingletonInstance()}.
   */
  public EventPublishingFilterBuilder collector(EventCollector value) {
    collector = Objects.requireNonNull(value, "collector");
    return this;
  }

  /** The effect of an unconfirmed event on the response. Defaults to {@link Mode#KEEP}. */
  public EventPublishingFilterBuilder mode(Mode value) {
    mode = Objects.requireNonNull(value, "mode");
    return this;
  }

  /**
   * The statuses of successful responses: a list of statuses and ranges from 100 to 599. Defaults
   * to {@code 100-399}.
   */
  public EventPublishingFilterBuilder success(String statuses) {
    SuccessRule rule = StatusRanges.parse(Objects.requireNonNull(statuses, "statuses"));
    if (rule == null) {
      problem("success", statuses, StatusRanges.rule());
    } else {
      success = rule;
    }
    return this;
  }

  /** Like {@link #success(String)}, for rules that a list of statuses cannot express. */
  public EventPublishingFilterBuilder success(SuccessRule rule) {
    success = Objects.requireNonNull(rule, "rule");
    return this;
  }

  /**
   * Whether events are published before the response is committed, not only at the end of the
   * request. False is for requests whose work goes on, and may fail, while the response is
   * streamed; see {@link EventPublishingFilter}. Defaults to true.
   */
  public EventPublishingFilterBuilder publishBeforeCommit(boolean value) {
    publishBeforeCommit = value;
    return this;
  }

  /**
   * Whether events are {@linkplain EventCollector#withdraw withdrawn} when the answer is 503
   * because they were not confirmed. Needs {@link Mode#REQUIRE}, which says when to use it; with
   * another mode the filter cannot be deployed. Defaults to false: they stay owed.
   */
  public EventPublishingFilterBuilder withdrawUnconfirmed(boolean value) {
    withdrawUnconfirmed = value;
    return this;
  }

  /**
   * The delay after which a client that got the 503 of {@link Mode#REQUIRE} is asked to retry: the
   * {@code Retry-After} of RFC 9110, section 10.2.3. At least a second; fractions are cut off. As
   * an init parameter, a number of seconds. Defaults to 10 seconds.
   */
  public EventPublishingFilterBuilder retryAfter(Duration value) {
    retryAfter = Objects.requireNonNull(value, "retryAfter");
    if (retryAfter.toSeconds() < 1) {
      problem("retryAfter", retryAfter, "must be at least one second");
    }
    return this;
  }

  /**
   * The filter.
   *
   * @throws IllegalArgumentException when settings are wrong; the message names all of them
   */
  public EventPublishingFilter build() {
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return new EventPublishingFilter(collector, settings());
  }

  FilterSettings settings() {
    return new FilterSettings(mode, success, publishBeforeCommit, withdrawUnconfirmed, retryAfter);
  }

  void problem(String name, Object value, String rule) {
    problems.add(String.format(Locale.ROOT, "%s %s, but is \"%s\"", name, rule, value));
  }

  List<String> problems() {
    return problems;
  }
}
