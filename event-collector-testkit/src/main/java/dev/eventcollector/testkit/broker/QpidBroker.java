package dev.eventcollector.testkit.broker;

import java.lang.reflect.Field;
import java.net.URL;
import java.security.Principal;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.security.auth.Subject;
import org.apache.qpid.server.configuration.updater.TaskExecutor;
import org.apache.qpid.server.configuration.updater.TaskExecutorImpl;
import org.apache.qpid.server.logging.EventLogger;
import org.apache.qpid.server.logging.NullMessageLogger;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.BrokerImpl;
import org.apache.qpid.server.model.Container;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.State;
import org.apache.qpid.server.model.SystemConfig;
import org.apache.qpid.server.model.VirtualHost;
import org.apache.qpid.server.model.VirtualHostNode;
import org.apache.qpid.server.model.port.AmqpPort;
import org.apache.qpid.server.plugin.PluggableFactoryLoader;
import org.apache.qpid.server.plugin.SystemConfigFactory;
import org.apache.qpid.server.security.SubjectExecutionContext;
import org.apache.qpid.server.security.auth.TaskPrincipal;
import org.apache.qpid.server.transport.AbstractAMQPConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Apache Qpid Broker-J, assembled by hand: its SystemLauncher prints to the console, swallows a
 * failed start, and sets system properties for the whole JVM. Not safe for use by many threads.
 */
final class QpidBroker {

  private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final String PORT = "amqp";
  private static final long CLOSE_SECONDS = 10;

  private final TaskExecutor tasks = new TaskExecutorImpl();
  private final Subject subject;
  private final SystemConfig<?> system;

  QpidBroker() {
    Principal principal = new SystemPrincipal();
    Principal task = new TaskPrincipal("embedded broker");
    subject = new Subject(true, Set.of(principal, task), Set.of(), Set.of());
    tasks.start();
    system = as(() -> open(principal));
  }

  private SystemConfig<?> open(Principal principal) {
    URL configuration =
        Objects.requireNonNull(QpidBroker.class.getResource("embedded-broker.json"));
    Map<String, Object> attributes =
        Map.of(
            SystemConfig.TYPE,
            "Memory",
            SystemConfig.INITIAL_CONFIGURATION_LOCATION,
            configuration.toString(),
            SystemConfig.STARTUP_LOGGED_TO_SYSTEM_OUT,
            false);
    SystemConfigFactory<?> factory =
        new PluggableFactoryLoader<>(SystemConfigFactory.class).get("Memory");
    SystemConfig<?> opened =
        factory.newInstance(tasks, new EventLogger(new NullMessageLogger()), principal, attributes);
    opened.open();
    outliveSignals(opened.getContainer());
    return opened;
  }

  /**
   * Takes away the shutdown hook by which Qpid would close the broker while the user's own hook is
   * still draining into it. By reflection, because there is no setting for it.
   */
  private static void outliveSignals(Container<?> broker) {
    try {
      Field hook = BrokerImpl.class.getDeclaredField("_shutdownHook");
      hook.setAccessible(true);
      Runtime.getRuntime().removeShutdownHook((Thread) hook.get(broker));
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOGGER.warn("the embedded broker will close itself as soon as the JVM is told to end", e);
    }
  }

  private Broker<?> broker() {
    return (Broker<?>) system.getContainer();
  }

  /** Adds a virtual host, which is empty. */
  void addVirtualHost(String name) {
    Map<String, Object> attributes =
        Map.of(
            VirtualHostNode.NAME,
            name,
            VirtualHostNode.TYPE,
            "Memory",
            VirtualHostNode.DEFAULT_VIRTUAL_HOST_NODE,
            name.equals(EmbeddedBroker.DEFAULT_VIRTUAL_HOST),
            "virtualHostInitialConfiguration",
            "{\"type\": \"Memory\"}");
    as(() -> broker().createChild(VirtualHostNode.class, attributes));
  }

  /** Removes a virtual host with all that is in it, and drops the connections to it. */
  void removeVirtualHost(String name) {
    for (VirtualHostNode<?> node : virtualHostNodes()) {
      if (node.getName().equals(name)) {
        dropConnections(node);
        as(() -> node.deleteAsync().get(CLOSE_SECONDS, TimeUnit.SECONDS));
      }
    }
  }

  /**
   * Listens on 127.0.0.1.
   *
   * @param port 0 for any that is free
   * @return the port
   */
  int listen(int port) {
    Map<String, Object> attributes =
        Map.of(
            Port.NAME,
            PORT,
            Port.PORT,
            port,
            Port.BINDING_ADDRESS,
            "127.0.0.1",
            Port.AUTHENTICATION_PROVIDER,
            "users",
            Port.PROTOCOLS,
            List.of("AMQP_0_9_1"),
            "virtualhostaliases",
            List.of(
                Map.of("name", "default", "type", "defaultAlias"),
                Map.of("name", "names", "type", "nameAlias")));
    Port<?> opened = open(port, attributes);
    if (opened.getState() != State.ACTIVE) {
      as(() -> opened.deleteAsync().get(CLOSE_SECONDS, TimeUnit.SECONDS));
      throw new IllegalStateException("the embedded broker cannot listen on port " + port);
    }
    return opened.getBoundPort();
  }

  private Port<?> open(int port, Map<String, Object> attributes) {
    try {
      return as(() -> broker().createChild(Port.class, attributes));
    } catch (IllegalStateException e) { // it names the port in the digits of the locale
      throw new IllegalStateException(
          "the embedded broker cannot listen on port " + port + ": " + e.getMessage(), e);
    }
  }

  /** Stops listening, and closes every connection with reply code 320, as RabbitMQ does. */
  void stopListening() {
    for (Port<?> port : ports()) {
      as(() -> port.deleteAsync().get(CLOSE_SECONDS, TimeUnit.SECONDS));
      AmqpPort<?> amqp = (AmqpPort<?>) port;
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
      while (amqp.getConnectionCount() > 0 && System.nanoTime() < deadline) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
    }
  }

  /** Closes the socket of every connection. */
  void dropConnections() {
    virtualHostNodes().forEach(QpidBroker::dropConnections);
  }

  void close() {
    stopListening();
    as(() -> system.closeAsync().get(CLOSE_SECONDS, TimeUnit.SECONDS));
    tasks.stop();
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // the API asks for raw classes
  private Collection<Port<?>> ports() {
    return (Collection) broker().getChildren(Port.class);
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // the API asks for raw classes
  private Collection<VirtualHostNode<?>> virtualHostNodes() {
    return (Collection) broker().getChildren(VirtualHostNode.class);
  }

  private static void dropConnections(VirtualHostNode<?> node) {
    VirtualHost<?> host = node.getVirtualHost();
    if (host == null) {
      return;
    }
    for (Object connection : new HashSet<>(host.getConnections())) {
      if (connection instanceof AbstractAMQPConnection<?, ?> amqp) {
        amqp.getNetwork().close();
      }
    }
  }

  private <T> T as(Callable<T> action) {
    try {
      return SubjectExecutionContext.withSubject(subject, action);
    } catch (Exception e) {
      throw new IllegalStateException("the embedded broker failed: " + e.getMessage(), e);
    }
  }

  private static final class SystemPrincipal implements Principal {
    @Override
    public String getName() {
      return "SYSTEM";
    }
  }
}
