package dev.eventcollector.examples.forwarder.settings;

import dev.eventcollector.examples.forwarder.log.LogText;
import dev.eventcollector.examples.forwarder.sink.SinkAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What flags and environment say, and everything that is wrong with it. */
final class GivenSettings {

  private final Map<Setting, String> flags = new EnumMap<>(Setting.class);
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  /** Reads flags with one or two dashes, as {@code -name value} or {@code -name=value}. */
  GivenSettings(List<String> arguments, Map<String, String> environment) {
    this.environment = environment;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      String flag = argument.replaceFirst("^--?", "");
      int equals = flag.indexOf('=');
      String name = equals < 0 ? flag : flag.substring(0, equals);
      Optional<Setting> setting = flag.equals(argument) ? Optional.empty() : Setting.ofFlag(name);
      if (setting.isEmpty()) {
        problems.add(
            String.format(
                Locale.ROOT,
                "%s is not a flag; -help lists them all",
                flag.equals(argument) ? LogText.quoted(argument) : LogText.word("-" + name)));
      } else if (equals >= 0) {
        flags.put(setting.get(), flag.substring(equals + 1));
      } else if (setting.get().isSwitch()) {
        flags.put(setting.get(), "true");
      } else if (i + 1 < arguments.size()) {
        flags.put(setting.get(), arguments.get(++i));
      } else {
        problems.add(
            String.format(Locale.ROOT, "-%s needs a value: %s", name, setting.get().meaning));
      }
    }
  }

  boolean isFlagGiven(Setting setting) {
    return flags.containsKey(setting);
  }

  /** Whether it is set at all; an empty environment variable counts as not set. */
  boolean isGiven(Setting setting) {
    return flags.containsKey(setting) || !fromEnvironment(setting).isEmpty();
  }

  /** The value, or, when it is against the rule, a placeholder and one more problem. */
  <T> T read(Setting setting, Function<String, T> reader, String rule, T placeholder) {
    String text = text(setting);
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      problem(setting, rule);
      return placeholder;
    }
  }

  /** Adds that a setting is against a rule. */
  void problem(Setting setting, String rule) {
    problems.add(describe(setting) + ", but " + rule);
  }

  /** Where the setting comes from, and its value: {@code -batch-size is "-1"}. */
  String describe(Setting setting) {
    boolean fromEnvironment = !flags.containsKey(setting) && isGiven(setting);
    return String.format(
        Locale.ROOT,
        "%s is %s",
        fromEnvironment ? setting.variable : "-" + setting.flag,
        LogText.quoted(SinkAddress.withoutCredentials(text(setting))));
  }

  List<String> problems() {
    return problems;
  }

  private String text(Setting setting) {
    String flag = flags.get(setting);
    if (flag != null) {
      return flag;
    }
    String variable = fromEnvironment(setting);
    return variable.isEmpty() ? setting.byDefault : variable;
  }

  private String fromEnvironment(Setting setting) {
    return environment.getOrDefault(setting.variable, "");
  }
}
