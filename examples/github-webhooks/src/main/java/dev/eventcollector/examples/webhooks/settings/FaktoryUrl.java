package dev.eventcollector.examples.webhooks.settings;

import dev.eventcollector.examples.faktory.FaktoryEventPublisher;

/** Where Faktory is. It may contain a password. */
public record FaktoryUrl(String url) {

  /** Names the stand-in that the demo starts, instead of a server. */
  static final FaktoryUrl STAND_IN = new FaktoryUrl("faktory");

  /**
   * Reads a URL, or the name of the stand-in.
   *
   * @throws IllegalArgumentException says what is wrong, and shows no password
   */
  static FaktoryUrl parse(String text) {
    if (text.equals(STAND_IN.url)) {
      return STAND_IN;
    }
    try {
      FaktoryEventPublisher.builder().url(text).build().close(); // it knows the rule
    } catch (IllegalArgumentException e) {
      String shown = text.matches("\\w+") ? "'" + text + "' " : ""; // anything else may be secret
      throw new IllegalArgumentException(
          shown + String.valueOf(e.getMessage()).replaceFirst("^url ", ""), e);
    }
    return new FaktoryUrl(text);
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "a Faktory URL";
  }

  /** A URL, or the name of the stand-in. */
  static final class Rule extends dev.eventcollector.examples.support.settings.Rule<FaktoryUrl> {
    @Override
    protected FaktoryUrl read(String value) {
      return parse(value);
    }
  }
}
