package dev.eventcollector.examples.support.settings;

import dev.eventcollector.examples.support.logging.OneLine;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Settings that cannot be used. The message has one line for each of them: its name, its value
 * unless it may be a secret, and the rule.
 */
public final class WrongSettingException extends Exception {

  private static final long serialVersionUID = 1L;

  /** One wrong setting, or several that do not go together. */
  public WrongSettingException(String message) {
    super(OneLine.of(message));
  }

  /** One wrong setting, and the reason. */
  public WrongSettingException(String message, Throwable cause) {
    super(OneLine.of(message), cause);
  }

  WrongSettingException(List<ParameterException> wrong) {
    super(
        String.join("\n", wrong.stream().map(WrongSettingException::describe).toList()),
        wrong.get(0));
  }

  /** Several wrong settings, each with a line of its own. */
  public static WrongSettingException of(List<String> messages) {
    return new WrongSettingException(messages.stream().map(OneLine::of).toList(), null);
  }

  private WrongSettingException(List<String> lines, @Nullable Throwable cause) {
    super(String.join("\n", lines), cause);
  }

  /** The line about one setting. */
  public static String describe(ParameterException wrong) {
    return OneLine.of(text(wrong));
  }

  private static String text(ParameterException wrong) {
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      return String.format(
          Locale.ROOT,
          "'%s' is no setting; --help lists them all",
          unmatched.getUnmatched().get(0));
    }
    if (wrong instanceof MissingParameterException missing
        && missing.getMissing().get(0) instanceof OptionSpec option) {
      return nameOf(option) + " needs a value";
    }
    return wrong.getArgSpec() instanceof OptionSpec option && wrong.getCause() != null
        ? nameOf(option) + ": " + wrong.getCause().getMessage()
        : String.valueOf(wrong.getMessage());
  }

  /** The flag, then the environment variable: {@code --port (PORT)}. */
  public static String nameOf(OptionSpec option) {
    return String.format(Locale.ROOT, "%s (%s)", option.longestName(), option.paramLabel());
  }
}
