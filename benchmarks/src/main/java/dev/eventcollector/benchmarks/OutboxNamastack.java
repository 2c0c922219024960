package dev.eventcollector.benchmarks;

import io.namastack.outbox.Outbox;
import io.namastack.outbox.handler.OutboxRecordMetadata;
import io.namastack.outbox.handler.OutboxTypedHandler;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** namastack-outbox: a record per event, polled as fast as it pays, and deleted afterwards. */
public final class OutboxNamastack extends OutboxSpring {

  private static final int PARTITIONS = 256;

  private final Outbox outbox;

  OutboxNamastack(OutboxPlace place) throws Exception {
    super(
        place,
        Application.class,
        Map.of(
            "namastack.outbox.polling.trigger",
            "fixed",
            "namastack.outbox.polling.fixed.interval",
            "25ms",
            "namastack.outbox.polling.batch-size",
            800,
            "namastack.outbox.processing.delete-completed-records",
            true,
            "namastack.outbox.processing.executor-core-pool-size",
            OutboxPlace.WORKERS,
            "namastack.outbox.processing.executor-max-pool-size",
            OutboxPlace.WORKERS,
            "namastack.outbox.instance.graceful-shutdown-timeout",
            "0s",
            "spring.autoconfigure.exclude",
            OutboxModulith.AUTO_CONFIGURATIONS));
    outbox = application().getBean(Outbox.class);
    while (place
            .database()
            .number("select count(*) from outbox_partition where instance_id is not null")
        < PARTITIONS) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50)); // until it has claimed all
    }
  }

  /** The event. */
  public record OrderPlaced(String body) {}

  /** The application. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  public static class Application {
    @Bean
    OutboxTypedHandler<OrderPlaced> handler() {
      return new Handler();
    }
  }

  /** Publishes. */
  public static class Handler implements OutboxTypedHandler<OrderPlaced> {
    @Override
    public void handle(OrderPlaced event, OutboxRecordMetadata metadata) {
      publish(event.body());
    }
  }

  @Override
  void store(String body, String order) {
    outbox.schedule(new OrderPlaced(body), order);
  }

  @Override
  public String table() {
    return "outbox_record";
  }
}
