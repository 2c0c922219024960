package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.ConnectionFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** How to connect, to whichever broker. */
record ConnectionSettings(
    String name, Duration connectTimeout, Duration heartbeat, @Nullable SSLContext sslContext) {

  void applyTo(ConnectionFactory factory) {
    // Recovery would bring back a channel that knows nothing of what was outstanding.
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setRequestedHeartbeat((int) heartbeat.toSeconds());
    factory.setChannelRpcTimeout((int) connectTimeout.toMillis());
    factory.setShutdownTimeout((int) connectTimeout.toMillis());
    factory.setExceptionHandler(new LostConnectionsAreNoNews());
    factory.setSharedExecutor(new DirectExecutor());
    factory.setThreadFactory(DaemonThreads.named("event-collector-rabbitmq-client"));
  }
}
