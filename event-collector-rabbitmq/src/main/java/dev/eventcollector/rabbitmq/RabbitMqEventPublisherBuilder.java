package dev.eventcollector.rabbitmq;

import dev.eventcollector.EventCollectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link RabbitMqEventPublisher}. Null is refused at once, by a {@link
 * NullPointerException} that names the parameter; all other wrong settings by {@link #build()}.
 *
 * <p>Not safe for use by many threads.
 */
public final class RabbitMqEventPublisherBuilder {

  private static final int MAX_CHANNELS = 2_047;
  private static final int SHOWN_BYTES = 40;
  private static final Set<String> EXCHANGE_TYPES = Set.of("direct", "topic", "fanout", "headers");

  private final ConnectionOptions connection = new ConnectionOptions();
  private ConnectAtStart connectAtStart = ConnectAtStart.LATER;
  private String exchange = "";
  private int maxChannels = 64;
  private List<String> queues = List.of();
  private final List<Declaration> declaredExchanges = new ArrayList<>();
  private final List<Declaration> declaredQueues = new ArrayList<>();
  private final List<Declaration> bindings = new ArrayList<>();
  private final List<String> problemsOfDeclarations = new ArrayList<>();

  RabbitMqEventPublisherBuilder() {}

  /**
   * The broker's AMQP URI, {@code amqps://} for TLS, with user, password and virtual host. Defaults
   * to {@code amqp://guest:guest@localhost:5672}.
   */
  public RabbitMqEventPublisherBuilder uri(String value) {
    return uris(List.of(Objects.requireNonNull(value, "uri")));
  }

  /** The URIs of several brokers; the first that answers is used, and the next when it is lost. */
  public RabbitMqEventPublisherBuilder uris(List<String> values) {
    connection.uris = List.copyOf(Objects.requireNonNull(values, "uris"));
    return this;
  }

  /**
   * User and password, asked for each time a connection is opened, instead of what the URIs say: a
   * password can be rotated while the publisher is used. It is called on a background thread, and
   * may block for a moment; when it throws, connecting is tried again later. Defaults to the URIs'.
   */
  public RabbitMqEventPublisherBuilder credentials(Supplier<Credentials> value) {
    connection.credentials = Objects.requireNonNull(value, "credentials");
    return this;
  }

  /**
   * What is trusted by, and identifies us to, an {@code amqps://} broker. Certificates and host
   * names are always verified. Defaults to the JVM's default context.
   */
  public RabbitMqEventPublisherBuilder sslContext(SSLContext value) {
    connection.sslContext = Objects.requireNonNull(value, "sslContext");
    return this;
  }

  /** Shown by the broker for the connection. Defaults to {@code event-collector}. */
  public RabbitMqEventPublisherBuilder connectionName(String value) {
    connection.name = Objects.requireNonNull(value, "connectionName");
    return this;
  }

  /**
   * How long each step of connecting to one broker may take, and each channel operation. Defaults
   * to 3 seconds.
   */
  public RabbitMqEventPublisherBuilder connectTimeout(Duration value) {
    connection.connectTimeout = Objects.requireNonNull(value, "connectTimeout");
    return this;
  }

  /**
   * The heartbeat to ask the broker for; a connection that is silent twice as long counts as lost.
   * In whole seconds. Defaults to 10 seconds.
   */
  public RabbitMqEventPublisherBuilder heartbeat(Duration value) {
    connection.heartbeat = Objects.requireNonNull(value, "heartbeat");
    return this;
  }

  /**
   * Whether {@code build()} connects, and what it does when the broker cannot be reached or refuses
   * the login. Each step of connecting to each broker takes up to {@link #connectTimeout}. Defaults
   * to {@link ConnectAtStart#LATER}.
   */
  public RabbitMqEventPublisherBuilder connectAtStart(ConnectAtStart value) {
    connectAtStart = Objects.requireNonNull(value, "connectAtStart");
    return this;
  }

  /**
   * The exchange for events that name none ({@code EventOptions.exchange}), with the queue's name
   * as routing key. Defaults to the default exchange, which routes to the queue of that name.
   */
  public RabbitMqEventPublisherBuilder exchange(String value) {
    exchange = Objects.requireNonNull(value, "exchange");
    return this;
  }

  /**
   * Queues that have to exist: on every new connection each is looked up, and declared durable when
   * there is none. Defaults to none, so that whoever consumes a queue declares it.
   */
  public RabbitMqEventPublisherBuilder declareQueues(String... values) {
    Objects.requireNonNull(values, "declareQueues");
    for (int i = 0; i < values.length; i++) {
      Objects.requireNonNull(values[i], String.format(Locale.ROOT, "declareQueues[%d]", i));
    }
    queues = List.of(values);
    return this;
  }

  /**
   * A queue that has to exist, durable, with these arguments, such as {@code x-queue-type}: it is
   * declared on every new connection. Where there is one with other arguments, that is used, and a
   * WARN has the broker's words. May be called several times.
   *
   * @param arguments copied in depth; the rules for an event's headers apply
   */
  public RabbitMqEventPublisherBuilder declareQueue(String name, Map<String, Object> arguments) {
    checkName("name", name, "declareQueue");
    Objects.requireNonNull(arguments, "arguments");
    String what = "queue " + FrameFit.cutTo(name, SHOWN_BYTES);
    Map<String, Object> copy = Arguments.checkedCopy(what, arguments, problemsOfDeclarations);
    declaredQueues.add(Declaration.queue(name, copy));
    return this;
  }

  /**
   * An exchange that has to exist, durable: it is declared on every new connection, before queues
   * and bindings. Where there is one of another type, that is used, and a WARN has the broker's
   * words. May be called several times.
   *
   * @param type {@code direct}, {@code topic}, {@code fanout}, {@code headers}, or the type of a
   *     plugin of the broker, which begins with {@code x-}. A broker without the plugin closes the
   *     connection over it: a WARN says so, publishing goes on without the exchange, and it is
   *     declared on a connection of its own from then on
   */
  public RabbitMqEventPublisherBuilder declareExchange(String name, String type) {
    checkName("name", name, "declareExchange");
    Objects.requireNonNull(type, "type");
    if (!EXCHANGE_TYPES.contains(type) && !(type.startsWith("x-") && type.length() > 2)) {
      problemsOfDeclarations.add(
          String.format(
              Locale.ROOT,
              "declareExchange: the type of exchange %s must be direct, topic, fanout or headers, or"
                  + " begin with x- as those of plugins do, but is \"%s\"",
              name,
              type));
    }
    Names.checkCarried(
        "declareExchange: the type of exchange " + name, type, problemsOfDeclarations);
    declaredExchanges.add(Declaration.exchange(name, type));
    return this;
  }

  /**
   * A queue that has to get what an exchange routes by this key: it is bound on every new
   * connection, after everything else was declared. May be called several times.
   *
   * @param routingKey for a topic exchange a pattern, such as {@code order.*.eu}
   */
  public RabbitMqEventPublisherBuilder bindQueue(String queue, String exchange, String routingKey) {
    return bindQueue(queue, exchange, routingKey, Map.of());
  }

  /**
   * As {@link #bindQueue(String, String, String)}, with arguments: those of a headers exchange tell
   * which headers an event must have, such as {@code Map.of("x-match", "all", "region", "eu")}. A
   * binding that the broker refuses is told by a WARN, and publishing goes on without it.
   *
   * @param routingKey empty for a headers exchange, which does not look at it
   * @param arguments copied in depth; the rules for an event's headers apply. For a header with the
   *     value null an event may have any value
   */
  public RabbitMqEventPublisherBuilder bindQueue(
      String queue,
      String exchange,
      String routingKey,
      Map<String, ? extends @Nullable Object> arguments) {
    Objects.requireNonNull(queue, "queue");
    Objects.requireNonNull(exchange, "exchange");
    Objects.requireNonNull(routingKey, "routingKey");
    Objects.requireNonNull(arguments, "arguments");
    String call =
        String.format(
            Locale.ROOT,
            "bindQueue(\"%s\", \"%s\", ...)",
            FrameFit.cutTo(queue, SHOWN_BYTES),
            FrameFit.cutTo(exchange, SHOWN_BYTES));
    checkName("queue", queue, call);
    checkName("exchange", exchange, call);
    Names.checkCarried(call + ": routingKey", routingKey, problemsOfDeclarations);
    Map<String, Object> copy = Arguments.checkedCopy(call, arguments, problemsOfDeclarations);
    bindings.add(Declaration.binding(queue, exchange, routingKey, copy));
    return this;
  }

  private void checkName(String parameter, String name, String call) {
    Objects.requireNonNull(name, parameter);
    Names.check(call + ": " + parameter, name, problemsOfDeclarations);
  }

  /**
   * How many chunks are published at the same time, each on a channel. Others wait, within their
   * publish timeout, and get the next channel in the order in which they came. When eight are for
   * one queue of the default exchange, small chunks (16 events, 64 KiB) for it wait as well, and go
   * together. Defaults to 64.
   */
  public RabbitMqEventPublisherBuilder maxChannels(int value) {
    maxChannels = value;
    return this;
  }

  /**
   * The publisher. It connects only if {@link #connectAtStart} says so.
   *
   * @throws EventCollectorException when it cannot connect, and has to ({@link
   *     ConnectAtStart#FAIL}); the message tells for every broker why
   * @throws IllegalArgumentException when settings are wrong; the message names all of them and
   *     shows no credentials
   */
  public RabbitMqEventPublisher build() {
    List<String> problems = new ArrayList<>();
    if (maxChannels < 1 || maxChannels > MAX_CHANNELS) {
      problems.add(
          String.format(
              Locale.ROOT,
              "maxChannels must be from 1 to %d, but is %d",
              MAX_CHANNELS,
              maxChannels));
    }
    Names.checkCarried("exchange", exchange, problems);
    for (int i = 0; i < queues.size(); i++) {
      Names.check(String.format(Locale.ROOT, "declareQueues[%d]", i), queues.get(i), problems);
    }
    problems.addAll(problemsOfDeclarations);
    List<Declaration> declarations = new ArrayList<>(declaredExchanges);
    queues.forEach(queue -> declarations.add(Declaration.queue(queue)));
    declarations.addAll(declaredQueues);
    declarations.addAll(bindings);
    RabbitMqEventPublisher publisher =
        new RabbitMqEventPublisher(
            connection.connector(problems), exchange, maxChannels, List.copyOf(declarations));
    publisher.connect(connectAtStart);
    return publisher;
  }
}
