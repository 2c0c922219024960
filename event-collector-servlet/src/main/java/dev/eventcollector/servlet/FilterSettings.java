package dev.eventcollector.servlet;

import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import dev.eventcollector.servlet.EventPublishingFilter.SuccessRule;
import java.time.Duration;

/** The settings of {@link EventPublishingFilterBuilder} and the init parameters. */
record FilterSettings(
    Mode mode,
    SuccessRule success,
    boolean publishBeforeCommit,
    boolean withdrawUnconfirmed,
    Duration retryAfter) {

  static final FilterSettings DEFAULTS =
      new FilterSettings(Mode.KEEP, StatusRanges.BELOW_400, true, false, Duration.ofSeconds(10));
}
