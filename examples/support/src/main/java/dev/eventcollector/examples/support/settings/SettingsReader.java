package dev.eventcollector.examples.support.settings;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Reads settings: each is a flag, else the environment variable that the flag's value is named
 * after ({@code paramLabel}), else a default. An empty variable counts as none.
 *
 * <pre>{@code
 * CommandLine settings = SettingsReader.commandLine(new MySettings(), System.getenv());
 * SettingsReader.read(settings, arguments);
 * }</pre>
 */
public final class SettingsReader {

  /** The last paragraph of each program's description. */
  public static final String HOW_TO_SET =
      "Every setting is a flag, or the environment variable that its value is named after. The flag"
          + " wins.%n";

  private static final int HELP_COLUMNS = 110;

  private SettingsReader() {}

  /** Of an object with picocli's annotations, or of an interface with them. */
  public static CommandLine commandLine(Object settings, Map<String, String> environment) {
    return new CommandLine(settings)
        .setDefaultValueProvider(
            (ArgSpec setting) -> {
              String value = environment.getOrDefault(setting.paramLabel(), "");
              return value.isEmpty() ? null : value;
            })
        .setUsageHelpWidth(HELP_COLUMNS)
        .setUsageHelpAutoWidth(false);
  }

  /**
   * Reads all settings.
   *
   * @return what was given, for rules about several settings
   * @throws WrongSettingException when some are wrong; it has a line for each of them
   */
  public static ParseResult read(CommandLine commandLine, String... arguments)
      throws WrongSettingException {
    commandLine.getCommandSpec().parser().collectErrors(true);
    ParseResult given = commandLine.parseArgs(arguments);
    List<ParameterException> wrong =
        given.errors().stream()
            .filter(ParameterException.class::isInstance)
            .map(ParameterException.class::cast)
            .toList();
    if (!wrong.isEmpty()) {
      throw new WrongSettingException(wrong);
    }
    return given;
  }
}
