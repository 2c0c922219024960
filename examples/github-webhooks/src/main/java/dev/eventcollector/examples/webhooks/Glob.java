package dev.eventcollector.examples.webhooks;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A pattern for branches and repositories: {@code *} stands for anything but a slash, {@code **}
 * for anything, {@code ?} for one character but a slash, and all else for itself.
 */
record Glob(String text, Pattern pattern) {

  private static final Pattern PARTS = Pattern.compile("\\*\\*|\\*|\\?|[^*?]+");

  static Glob of(String text) {
    String regex =
        PARTS
            .matcher(text)
            .results()
            .map(part -> regex(part.group()))
            .collect(Collectors.joining());
    return new Glob(text, Pattern.compile(regex, Pattern.DOTALL));
  }

  private static String regex(String part) {
    return switch (part) {
      case "**" -> ".*";
      case "*" -> "[^/]*";
      case "?" -> "[^/]";
      default -> Pattern.quote(part);
    };
  }

  boolean matches(String candidate) {
    return pattern.matcher(candidate).matches();
  }

  /** Patterns themselves know no equality. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Glob glob && glob.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
