package dev.eventcollector.testkit.broker;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The settings of the environment. A configuration parameter of JUnit, and so a system property,
 * wins over the environment variable; its name is that of the variable in lower case, with dots.
 *
 * @param lookUp gives the value of a variable; empty when there is none
 */
record Settings(UnaryOperator<String> lookUp) {

  static final String BROKERS = "EVENT_COLLECTOR_BROKERS";
  static final String AMQP_URI = "AMQP_URI";
  static final String REPORT = "EVENT_COLLECTOR_BROKER_REPORT";
  static final String IMAGE = "EVENT_COLLECTOR_RABBITMQ_IMAGE";
  private static final String DEFAULT_IMAGE = "rabbitmq:4-management";

  static Settings of(ExtensionContext context) {
    return new Settings(
        name -> {
          String property = name.toLowerCase(Locale.ROOT).replace('_', '.');
          Optional<String> parameter = context.getConfigurationParameter(property);
          return parameter.or(() -> Optional.ofNullable(System.getenv(name))).orElse("").strip();
        });
  }

  /** The brokers that must be there, and are the only ones to be used; empty when nobody says. */
  List<BrokerKind> demanded() {
    String value = lookUp.apply(BROKERS);
    return value.isEmpty()
        ? List.of()
        : Arrays.stream(value.split(",")).map(BrokerKind::parse).distinct().toList();
  }

  /**
   * The broker for a test without a preference: the first that is demanded, or the embedded one.
   */
  BrokerKind usual() {
    List<BrokerKind> demanded = demanded();
    return demanded.isEmpty() ? BrokerKind.EMBEDDED : demanded.get(0);
  }

  @Nullable String amqpUri() {
    String value = lookUp.apply(AMQP_URI);
    return value.isEmpty() ? null : value;
  }

  /** The file to which each test class adds the broker it ran on; null for none. */
  @Nullable String report() {
    String value = lookUp.apply(REPORT);
    return value.isEmpty() ? null : value;
  }

  String image() {
    String value = lookUp.apply(IMAGE);
    return value.isEmpty() ? DEFAULT_IMAGE : value;
  }
}
