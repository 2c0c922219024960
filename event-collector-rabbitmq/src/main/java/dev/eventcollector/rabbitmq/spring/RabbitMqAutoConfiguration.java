package dev.eventcollector.rabbitmq.spring;

import com.rabbitmq.client.ConnectionFactory;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.rabbitmq.ConnectAtStart;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisherBuilder;
import dev.eventcollector.spring.InvalidSettingsException;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** The publisher. Backs off from a publisher or collector of the user's. */
@AutoConfiguration(
    beforeName = "dev.eventcollector.spring.EventCollectorAutoConfiguration",
    afterName = {
      "org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration",
      "org.springframework.boot.autoconfigure.amqp.RabbitAutoConfiguration",
      "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration"
    })
@ConditionalOnClass(ConnectionFactory.class)
@ConditionalOnBooleanProperty(name = "event-collector.rabbitmq.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PublisherProperties.class)
class RabbitMqAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  RabbitMqAccess eventBrokerAccess(
      BeanFactory beans,
      Environment environment,
      ObjectProvider<SslBundles> bundles,
      PublisherProperties properties) {
    RabbitMqSettings settings = new RabbitMqSettings(Binder.get(environment));
    ConnectAtStart connectAtStart = properties.connectAtStart();
    return InvalidSettingsException.checked(
        "spring.rabbitmq",
        () -> {
          BrokerConnection details = ConnectionDetailsAdapter.of(beans, settings);
          BrokerConnection connection = details == null ? settings.connection() : details;
          return new RabbitMqAccess(
              connection.uris(),
              sslContext(connection.sslBundle(), bundles),
              connectAtStart == null ? ConnectAtStart.LATER : connectAtStart,
              properties.connectTimeout() == null
                  ? settings.connectTimeout()
                  : properties.connectTimeout(),
              properties.heartbeat() == null ? settings.heartbeat() : properties.heartbeat());
        });
  }

  private static @Nullable SSLContext sslContext(
      @Nullable Object bundle, ObjectProvider<SslBundles> bundles) {
    if (bundle instanceof SslBundle found) {
      return found.createSslContext();
    }
    return bundle == null
        ? null
        : bundles.getObject().getBundle(bundle.toString()).createSslContext();
  }

  @Bean(destroyMethod = "") // the collector closes it
  @ConditionalOnMissingBean({EventPublisher.class, EventCollector.class})
  RabbitMqEventPublisher rabbitMqEventPublisher(
      RabbitMqAccess access, PublisherProperties properties, Environment environment) {
    RabbitMqEventPublisherBuilder builder = RabbitMqEventPublisher.builder().uris(access.uris());
    SSLContext tls = access.sslContext();
    if (tls != null) {
      builder.sslContext(tls);
    }
    List<String> queues = properties.declareQueues();
    builder.declareQueues(queues.toArray(new String[0]));
    String name = properties.connectionName();
    builder.connectionName(
        name == null
            ? environment.getProperty("spring.application.name", "event-collector")
            : name);
    if (properties.exchange() != null) {
      builder.exchange(properties.exchange());
    }
    if (properties.maxChannels() != null) {
      builder.maxChannels(properties.maxChannels());
    }
    if (access.heartbeat() != null) {
      builder.heartbeat(access.heartbeat());
    }
    builder.connectAtStart(access.connectAtStart());
    if (access.connectTimeout() != null) {
      builder.connectTimeout(access.connectTimeout());
    }
    return InvalidSettingsException.checked("event-collector.rabbitmq", builder::build);
  }
}
