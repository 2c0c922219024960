package dev.eventcollector.benchmarks;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** How to reach the broker, by TLS when its certificate authority is given. */
record BrokerAccess(String uri, Optional<SSLContext> tls) {

  static BrokerAccess of(String uri, @Nullable Path authority) throws Exception {
    return new BrokerAccess(
        uri, authority == null ? Optional.empty() : Optional.of(trusting(authority)));
  }

  private static SSLContext trusting(Path authority) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (var in = Files.newInputStream(authority)) {
      trusted.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  ConnectionFactory connectionFactory() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(uri);
    if (tls.isPresent()) {
      factory.useSslProtocol(tls.get());
      factory.enableHostnameVerification();
    }
    return factory;
  }

  /** Makes the queue anew. */
  void makeQueue(String name, boolean quorum) throws Exception {
    try (Connection connection = connectionFactory().newConnection();
        Channel channel = connection.createChannel()) {
      channel.queueDelete(name);
      Map<String, Object> arguments = quorum ? Map.of("x-queue-type", "quorum") : Map.of();
      channel.queueDeclare(name, true, false, false, arguments);
    }
  }

  /** Waits until so many consumers have come, for a minute. */
  void awaitConsumers(String queue, int count) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    try (Connection connection = connectionFactory().newConnection();
        Channel channel = connection.createChannel()) {
      while (channel.consumerCount(queue) < count) {
        if (deadline - System.nanoTime() < 0) {
          throw new IllegalStateException("fewer than " + count + " consumers of " + queue);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10)); // between two looks
      }
    }
  }

  void emptyQueues(List<String> names) throws Exception {
    try (Connection connection = connectionFactory().newConnection();
        Channel channel = connection.createChannel()) {
      for (String name : names) {
        channel.queuePurge(name);
      }
    }
  }

  void deleteQueues(List<String> names) throws Exception {
    try (Connection connection = connectionFactory().newConnection();
        Channel channel = connection.createChannel()) {
      for (String name : names) {
        channel.queueDelete(name);
      }
    }
  }
}
