package dev.eventcollector.examples.webhooks.settings;

import dev.eventcollector.examples.support.settings.WrongSettingException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which broker counts when several are named: a flag counts before any variable, and two flags, or
 * two variables, are refused.
 */
public final class BrokerChoice {

  public static final String QUEUE = "--queue";
  private static final String AMQP = "--amqp-uri";
  private static final String DEMO = "--demo";
  private static final String AMQP_URI = "AMQP_URI";
  private static final String FAKTORY_URL = "FAKTORY_URL";
  private static final String FAKTORY_PROVIDER = "FAKTORY_PROVIDER";

  private BrokerChoice() {}

  /**
   * The environment without variables that do not count. FAKTORY_URL has what Faktory's own clients
   * would read.
   *
   * @throws WrongSettingException when both brokers are named by flags, or by variables, and when
   *     FAKTORY_PROVIDER cannot be followed
   */
  static Map<String, String> among(String[] args, Map<String, String> environment)
      throws WrongSettingException {
    Set<String> flags =
        Stream.of(args).map(arg -> arg.split("=", 2)[0]).collect(Collectors.toSet());
    if (flags.containsAll(List.of(QUEUE, AMQP))) {
      throw new WrongSettingException("--queue and --amqp-uri name one broker each: give only one");
    }
    Map<String, String> counting = new HashMap<>(environment);
    counting.keySet().removeAll(Set.of(FAKTORY_PROVIDER, FAKTORY_URL));
    if (flags.contains(QUEUE)) {
      counting.remove(AMQP_URI);
    } else if (Collections.disjoint(
        flags, Set.of(AMQP, DEMO, "--help", "-help", "-h", "--completion"))) {
      addFaktory(environment, counting);
    }
    return counting;
  }

  private static void addFaktory(Map<String, String> environment, Map<String, String> counting)
      throws WrongSettingException {
    String provider = environment.getOrDefault(FAKTORY_PROVIDER, "");
    if (!provider.matches("\\w*")) {
      throw new WrongSettingException(
          "FAKTORY_PROVIDER must be the name of the variable that has the URL, not a URL");
    }
    String variable = provider.isEmpty() ? FAKTORY_URL : provider;
    String url = environment.getOrDefault(variable, "");
    if (url.isEmpty()) {
      if (!provider.isEmpty()) {
        throw new WrongSettingException(
            "FAKTORY_PROVIDER names the variable " + provider + ", which is not set");
      }
      return;
    }
    if (!environment.getOrDefault(AMQP_URI, "").isEmpty()) {
      throw new WrongSettingException(
          variable
              + " and AMQP_URI name one broker each: set only one, or give --queue or"
              + " --amqp-uri");
    }
    if (!provider.isEmpty()) {
      requireUrl(variable, url);
    }
    counting.put(FAKTORY_URL, url);
  }

  /** With the name of the variable that it comes from. */
  private static void requireUrl(String variable, String url) throws WrongSettingException {
    try {
      FaktoryUrl.parse(url);
    } catch (IllegalArgumentException e) {
      throw new WrongSettingException(variable + ": " + e.getMessage(), e);
    }
  }
}
