package dev.eventcollector.examples.autoconfiguration;

import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.util.ClassUtils;

/** The library's, and those of Boot that they build on; without the rest a context is quick. */
final class OurAutoConfigurations {

  private OurAutoConfigurations() {}

  static AutoConfigurations all() {
    return without("none of them");
  }

  static AutoConfigurations without(String excluded) {
    return AutoConfigurations.of(
        Stream.concat(
                Stream.of(
                    PropertyPlaceholderAutoConfiguration.class,
                    JacksonAutoConfiguration.class,
                    SslAutoConfiguration.class),
                Stream.of(
                        "dev.eventcollector.spring.EventCollectorAutoConfiguration",
                        "dev.eventcollector.spring.OutboxAutoConfiguration",
                        "dev.eventcollector.spring.TransactionAutoConfiguration",
                        "dev.eventcollector.spring.ActuatorAutoConfiguration",
                        "dev.eventcollector.spring.PropagationAutoConfiguration",
                        "dev.eventcollector.rabbitmq.spring.RabbitMqAutoConfiguration",
                        "dev.eventcollector.rabbitmq.spring.ObservationAutoConfiguration",
                        "dev.eventcollector.rabbitmq.spring.EventWorkerAutoConfiguration",
                        "dev.eventcollector.rabbitmq.spring.WorkerActuatorAutoConfiguration",
                        "dev.eventcollector.rabbitmq.spring.RabbitListenerAutoConfiguration",
                        "dev.eventcollector.servlet.spring.FilterAutoConfiguration")
                    .filter(name -> !name.endsWith("." + excluded))
                    .map(name -> ClassUtils.resolveClassName(name, null)))
            .toArray(Class<?>[]::new));
  }
}
