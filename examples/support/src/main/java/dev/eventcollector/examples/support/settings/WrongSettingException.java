package dev.eventcollector.examples.support.settings;

import java.util.List;
import java.util.Locale;
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
    super(message);
  }

  /** One wrong setting, and the reason. */
  public WrongSettingException(String message, Throwable cause) {
    super(message, cause);
  }

  WrongSettingException(List<ParameterException> wrong) {
    super(
        String.join("\n", wrong.stream().map(WrongSettingException::describe).toList()),
        wrong.get(0));
  }

  /** The line about one setting. */
  public static String describe(ParameterException wrong) {
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      return String.format(
          Locale.ROOT,
          "'%s' is no setting; --help lists them all",
          unmatched.getUnmatched().get(0));
    }
    if (!(wrong.getArgSpec() instanceof OptionSpec option)) {
      return String.valueOf(wrong.getMessage());
    }
    String name = nameOf(option);
    if (wrong instanceof MissingParameterException) {
      return name + " needs a value";
    }
    return wrong.getCause() == null
        ? String.valueOf(wrong.getMessage())
        : name + ": " + wrong.getCause().getMessage();
  }

  /** The flag, then the environment variable: {@code --port (PORT)}. */
  public static String nameOf(OptionSpec option) {
    return String.format(Locale.ROOT, "%s (%s)", option.longestName(), option.paramLabel());
  }
}
