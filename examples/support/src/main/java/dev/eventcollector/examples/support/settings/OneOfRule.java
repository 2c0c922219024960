package dev.eventcollector.examples.support.settings;

import java.util.List;
import java.util.Locale;

/** One of several words. Subclasses have a constructor without arguments, for picocli. */
public abstract class OneOfRule extends Rule<String> {

  private final List<String> words;

  protected OneOfRule(String... words) {
    this.words = List.of(words);
  }

  @Override
  protected String read(String value) {
    if (!words.contains(value)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "'%s' must be %s", value, String.join(" or ", words)));
    }
    return value;
  }

  /** {@code on} or {@code off}. */
  public static final class OnOrOff extends OneOfRule {
    /** For picocli. */
    public OnOrOff() {
      super("on", "off");
    }
  }
}
