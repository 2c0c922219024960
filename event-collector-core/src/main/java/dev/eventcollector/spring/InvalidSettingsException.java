package dev.eventcollector.spring;

import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Settings of the application are wrong. Spring Boot reports it without a stack trace. */
public final class InvalidSettingsException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private static final Pattern NAME = Pattern.compile("(?<![\\w.\"])[a-z]+(?:[A-Z][a-z]+)+\\b");

  private final String prefix;

  private InvalidSettingsException(String prefix, String problems, @Nullable Throwable cause) {
    super(problems, cause);
    this.prefix = prefix;
  }

  static InvalidSettingsException of(String prefix, String problem) {
    return new InvalidSettingsException(prefix, problem, null);
  }

  /** The prefix of the properties, without a dot at its end. */
  String prefix() {
    return prefix;
  }

  /**
   * Builds something from properties.
   *
   * @param prefix of the properties that it is built from
   * @throws InvalidSettingsException when a builder refuses settings; it names the properties
   */
  public static <T> T checked(String prefix, Supplier<T> builder) {
    try {
      return builder.get();
    } catch (InvalidSettingsException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingsException(prefix, properties(String.valueOf(e.getMessage())), e);
    }
  }

  /** The builders name their methods, as {@code maxEventBytes}; the properties have hyphens. */
  private static String properties(String problems) {
    return NAME.matcher(problems)
        .replaceAll(name -> name.group().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
  }
}
