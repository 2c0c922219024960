package dev.eventcollector.examples.support.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.ParserSpec;
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
   * @return the given ones, for rules about several settings
   * @throws WrongSettingException when some are wrong; it has a line for each of them
   */
  public static ParseResult read(CommandLine commandLine, String... arguments)
      throws WrongSettingException {
    List<ParameterException> wrong = wrongFlags(commandLine, arguments);
    wrong.addAll(wrongVariables(commandLine));
    if (!wrong.isEmpty()) {
      throw new WrongSettingException(wrong);
    }
    try {
      return commandLine.parseArgs(arguments);
    } catch (ParameterException e) {
      throw new WrongSettingException(List.of(e));
    }
  }

  /** Without variables, because the first that is wrong would end the parsing. */
  private static List<ParameterException> wrongFlags(CommandLine commandLine, String... arguments) {
    IDefaultValueProvider variables = commandLine.getDefaultValueProvider();
    ParserSpec parser = commandLine.getCommandSpec().parser();
    try {
      commandLine.setDefaultValueProvider(setting -> null);
      parser.collectErrors(true);
      return commandLine.parseArgs(arguments).errors().stream()
          .filter(ParameterException.class::isInstance)
          .map(ParameterException.class::cast)
          .filter(e -> !isOfVariable(e))
          .collect(Collectors.toCollection(ArrayList::new));
    } finally {
      parser.collectErrors(false);
      commandLine.setDefaultValueProvider(variables);
    }
  }

  /** A flag that is missing may be there as a variable. */
  private static boolean isOfVariable(ParameterException wrong) {
    return wrong instanceof MissingParameterException missing
        && missing.getMissing().stream().allMatch(ArgSpec::required);
  }

  private static List<ParameterException> wrongVariables(CommandLine commandLine) {
    List<ParameterException> wrong = new ArrayList<>();
    for (OptionSpec option : commandLine.getCommandSpec().options()) {
      try {
        String value = commandLine.getDefaultValueProvider().defaultValue(option);
        if (value != null
            && option.converters().length > 0
            && !commandLine.getParseResult().hasMatchedOption(option)) {
          option.converters()[0].convert(value);
        }
      } catch (Exception e) {
        ParameterException broken =
            new ParameterException(commandLine, String.valueOf(e.getMessage()), option, "");
        broken.initCause(e);
        wrong.add(broken);
      }
    }
    return wrong;
  }
}
