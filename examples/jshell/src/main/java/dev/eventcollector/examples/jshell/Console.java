package dev.eventcollector.examples.jshell;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code events.jsh} opens: a collector that publishes every event at once and says what
 * became of it, and a hold on its broker, which is the one at {@code AMQP_URI} or else one in this
 * JVM.
 *
 * <pre>{@code
 * Console console = Console.open(System.getenv(), System.out);
 * console.events().enqueueEvent("hello", "greetings");   // prints: confirmed: greetings 0199...
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
public final class Console implements AutoCloseable {

  private final List<String> uris;
  private final @Nullable EmbeddedBroker embedded;
  private final PublishingEventCollector collector;
  private final EventCollector installed;
  private final PromptCollector events;
  private final Broker broker;
  private final PrintStream out;

  private Console(List<String> configured, PrintStream out) {
    this.out = out;
    embedded = configured.isEmpty() ? EmbeddedBroker.start() : null;
    uris = embedded == null ? configured : List.of(embedded.uri());
    broker = Prompt.broker(Broker.at(uris.get(0)), out);
    collector =
        PublishingEventCollector.builder(new QueueDeclaringPublisher(publisher(uris), uris))
            .encoder(PayloadEncoder.json(JsonMapper.shared()::writeValueAsBytes))
            .listener(new Narrator(out))
            .build();
    installed = EventCollectors.install(new AutoPublishingEventCollector(collector));
    events = new OneLineCollector(installed, collector::state, out);
  }

  /**
   * Opens a console, and installs its collector for the whole process.
   *
   * @throws IllegalArgumentException when AMQP_URI is wrong
   */
  public static Console open(Map<String, String> environment, PrintStream out) {
    return new Console(brokerUris(environment), out);
  }

  /** The URIs in AMQP_URI, several separated by commas; empty when it is not set. */
  static List<String> brokerUris(Map<String, String> environment) {
    String value = environment.getOrDefault("AMQP_URI", "");
    if (value.isEmpty()) {
      return List.of();
    }
    try {
      return BrokerUris.parse(value).list();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("AMQP_URI: " + e.getMessage(), e);
    }
  }

  private static RabbitMqEventPublisher publisher(List<String> uris) {
    return RabbitMqEventPublisher.builder().uris(uris).connectionName("jshell").build();
  }

  /** Publishes every event as soon as it is enqueued. */
  public PromptCollector events() {
    return events;
  }

  /** Looks into queues. */
  public Broker broker() {
    return broker;
  }

  /** Tells what to type, in three lines. */
  public void greet() {
    out.println("event-collector on " + where() + ". Every event is published at once. Try:");
    out.println("  events.enqueueEvent(\"hello\", \"greetings\")");
    out.println("  received(\"greetings\")   events.state()   help   /exit");
    out.flush();
  }

  private String where() {
    return embedded == null ? "the broker at AMQP_URI" : "an " + embedded + ", which ends with you";
  }

  /** Takes the messages out of a queue; none, and a line that says so, when it is not there. */
  public List<ReceivedMessage> received(String queue) {
    return broker.received(queue);
  }

  /** All there is to type, as JShell shows it for the name {@code help}. */
  public Help help() {
    return new Help(where());
  }

  /**
   * All there is to type.
   *
   * @param broker where events go
   */
  public record Help(String broker) {

    @Override
    public String toString() {
      return """

          events.enqueueEvent(payload, queue)   publishes to %s
                                                payload: text, bytes, or anything for JSON
          AutoPublishingEventCollector.run(() -> { ... })
                                                a unit of work: published at its end, or dropped
          var unit = events.unitsOfWork().begin()
                                                one by hand; then var bound = unit.bind(), and at
                                                its end unit.publish() or unit.clear(), bound.close()
          events.state()                        confirmed, owed, collected, ...
          received(queue)                       takes the messages out and shows them
          broker.messageCount(queue)            how many wait
          broker.declareQueue(queue)            an empty queue, deleted at the end
          console.close()                       publishes what is owed, and disconnects
          /exit   /help   /reset                leave; JShell's own help; start afresh"""
          .replace("%s", broker);
    }
  }

  @Override
  public String toString() {
    return "console on " + where();
  }

  /** Publishes what is owed, within the collector's drain timeout, and disconnects. */
  @Override
  public void close() {
    EventCollectors.uninstall(installed);
    collector.close();
    broker.close();
    if (embedded != null) {
      embedded.close();
    }
  }
}
