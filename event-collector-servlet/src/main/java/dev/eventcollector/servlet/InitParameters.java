package dev.eventcollector.servlet;

import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.function.Consumer;

/** Reads the init parameters of a filter into the builder's settings of the same names. */
final class InitParameters {

  private static final String NAMES =
      "mode, success, publishBeforeCommit, withdrawUnconfirmed, retryAfter";

  private final EventPublishingFilterBuilder builder;

  private InitParameters(EventPublishingFilterBuilder builder) {
    this.builder = builder;
  }

  /**
   * The settings of the parameters; those that are missing come from the base.
   *
   * @throws ServletException when parameters are wrong, or do not fit together; the message names
   *     all of them
   */
  static FilterSettings read(FilterConfig config, FilterSettings base) throws ServletException {
    EventPublishingFilterBuilder builder = new EventPublishingFilterBuilder(base);
    InitParameters parameters = new InitParameters(builder);
    for (String name : Collections.list(config.getInitParameterNames())) {
      parameters.set(name, config.getInitParameter(name).strip());
    }
    FilterSettings settings = builder.settings();
    if (settings.withdrawUnconfirmed() && settings.mode() != Mode.REQUIRE) {
      builder
          .problems()
          .add(
              "withdrawUnconfirmed needs the mode REQUIRE, as no other answers 503, but mode is KEEP");
    }
    if (!builder.problems().isEmpty()) {
      throw new ServletException(
          String.format(
              Locale.ROOT,
              "the filter \"%s\" cannot be deployed, its settings are wrong: %s",
              config.getFilterName(),
              String.join("; ", builder.problems())));
    }
    return settings;
  }

  private void set(String name, String value) {
    switch (name) {
      case "mode" -> setMode(value);
      case "success" -> builder.success(value);
      case "publishBeforeCommit" -> setBoolean(name, value, builder::publishBeforeCommit);
      case "withdrawUnconfirmed" -> setBoolean(name, value, builder::withdrawUnconfirmed);
      case "retryAfter" -> setRetryAfter(value);
      default -> builder.problems().add(name + " is not known, but only " + NAMES);
    }
  }

  private void setMode(String value) {
    try {
      builder.mode(Mode.valueOf(value.toUpperCase(Locale.ROOT)));
    } catch (IllegalArgumentException e) {
      builder.problem("mode", value, "must be KEEP or REQUIRE");
    }
  }

  private void setBoolean(String name, String value, Consumer<Boolean> setter) {
    switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> setter.accept(true);
      case "false" -> setter.accept(false);
      default -> builder.problem(name, value, "must be true or false");
    }
  }

  private void setRetryAfter(String value) {
    // Nine digits are more than 30 years, and fit all types involved.
    if (value.matches("0*[1-9]\\d{0,8}")) {
      builder.retryAfter(Duration.ofSeconds(Long.parseLong(value)));
    } else {
      builder.problem("retryAfter", value, "must be a whole number of seconds, at least 1");
    }
  }
}
