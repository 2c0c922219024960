package dev.eventcollector.benchmarks;

import java.util.Map;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Spring Modulith's event publication registry on JDBC, completed publications deleted; the
 * listener publishes and is what {@code @ApplicationModuleListener} stands for.
 */
public final class OutboxModulith extends OutboxSpring {

  /** For applications without it. */
  static final String AUTO_CONFIGURATIONS =
      String.join(
          ",",
          "org.springframework.modulith.events.config.EventExternalizationAutoConfiguration",
          "org.springframework.modulith.events.config.EventPublicationAutoConfiguration",
          "org.springframework.modulith.events.jackson.JacksonEventSerializationConfiguration",
          "org.springframework.modulith.events.jdbc.JdbcEventPublicationAutoConfiguration");

  private static final int MOST_TASKS = 1_000_000;

  OutboxModulith(OutboxPlace place) throws Exception {
    super(
        place,
        Application.class,
        Map.of(
            "namastack.outbox.enabled", false,
            "spring.modulith.events.completion-mode", "delete",
            "spring.modulith.events.jdbc.schema-initialization.enabled", true));
  }

  /** The event. */
  public record OrderPlaced(String body) {}

  /** The application. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @EnableAsync
  public static class Application {
    @Bean
    Listener listener() {
      return new Listener();
    }

    @Bean
    ThreadPoolTaskExecutor taskExecutor() {
      ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
      executor.setCorePoolSize(OutboxPlace.WORKERS);
      executor.setMaxPoolSize(OutboxPlace.WORKERS);
      executor.setQueueCapacity(MOST_TASKS);
      return executor;
    }
  }

  /** Publishes. */
  public static class Listener {
    /** After the commit, on another thread, in a transaction of its own. */
    @Async
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    @TransactionalEventListener
    public void on(OrderPlaced event) {
      publish(event.body());
    }
  }

  @Override
  void store(String body, String order) {
    application().publishEvent(new OrderPlaced(body));
  }

  @Override
  public String table() {
    return "event_publication";
  }
}
