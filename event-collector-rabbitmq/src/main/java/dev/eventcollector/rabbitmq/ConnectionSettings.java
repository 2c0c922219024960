package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.ConnectionFactory;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The settings for a connection to any broker. */
record ConnectionSettings(
    String name,
    Duration connectTimeout,
    Duration heartbeat,
    @Nullable SSLContext sslContext,
    @Nullable Supplier<Credentials> credentials) {

  /** Of two bytes in {@code connection.tune} (AMQP 0-9-1, 1.4.2.6). */
  private static final int MAX_HEARTBEAT_SECONDS = 65_535;

  void applyTo(ConnectionFactory factory) {
    // Recovery would bring back a channel without its outstanding messages.
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    // The broker has a limit; over one of its own the client would close each connection anew.
    factory.setMaxInboundMessageBodySize(Integer.MAX_VALUE);
    factory.setRequestedHeartbeat((int) Math.min(MAX_HEARTBEAT_SECONDS, heartbeat.toSeconds()));
    factory.setChannelRpcTimeout(Timeouts.millis(connectTimeout));
    factory.setShutdownTimeout(Timeouts.millis(connectTimeout));
    factory.setExceptionHandler(new LostConnectionsAreNoNews());
    factory.setSharedExecutor(new DirectExecutor());
    factory.setThreadFactory(DaemonThreads.named("event-collector-rabbitmq-client"));
  }
}
