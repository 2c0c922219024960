package dev.eventcollector.testkit;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.UnitsOfWork.Action;
import dev.eventcollector.testkit.EventLog.Mark;
import dev.eventcollector.testkit.broker.Broker;
import org.assertj.core.api.Assertions;

/**
 * Where assertions about events begin. It has AssertJ's own assertions as well, so that one static
 * import will do.
 *
 * <pre>{@code
 * import static dev.eventcollector.testkit.EventAssertions.*;
 *
 * assertThat(events).published(event().toQueue("orders"));
 * assertThatPublishedBy(() -> placeOrder(42)).published(event().toQueue("orders"));
 * assertThat(broker).queue("orders").received(event().withJson("{id: 42}"));
 * }</pre>
 */
public final class EventAssertions extends Assertions {

  private EventAssertions() {}

  /** About everything that a collector has recorded. */
  public static EventCollectorAssert assertThat(InMemoryEventCollector events) {
    return new EventCollectorAssert(events);
  }

  /** About the messages in the queues of a true broker. */
  public static BrokerAssert assertThat(Broker broker) {
    return new BrokerAssert(broker);
  }

  /**
   * Runs a block; the assertions are about what was enqueued or published since it began. As {@link
   * #assertThatPublishedBy(InMemoryEventCollector, Action)}, with the collector that is installed
   * for the calling thread, by {@link EventCollectorExtension} say.
   *
   * @throws X what the block throws
   * @throws IllegalStateException when no in-memory collector is installed
   */
  public static <X extends Exception> EventCollectorAssert assertThatPublishedBy(Action<X> block)
      throws X {
    EventCollector current = EventCollectors.current();
    if (current instanceof InMemoryEventCollector events) {
      return assertThatPublishedBy(events, block);
    }
    throw new IllegalStateException(
        "no InMemoryEventCollector is installed for this thread, but "
            + current
            + "; use the EventCollectorExtension, or name the collector");
  }

  /**
   * Runs a block; the assertions are about what was enqueued or published since it began, by
   * whatever thread.
   *
   * @throws X what the block throws
   */
  public static <X extends Exception> EventCollectorAssert assertThatPublishedBy(
      InMemoryEventCollector events, Action<X> block) throws X {
    Mark before = events.log().now();
    block.run();
    return new EventCollectorAssert(events, before);
  }

  /** Any event; say more of it by its methods. */
  public static ExpectedEvent event() {
    return ExpectedEvent.ANY;
  }

  /**
   * So many, neither more nor fewer.
   *
   * @throws IllegalArgumentException when the number is negative
   */
  public static Count exactly(int count) {
    return Count.exactly(count);
  }

  /**
   * So many or more.
   *
   * @throws IllegalArgumentException when the number is negative
   */
  public static Count atLeast(int count) {
    return Count.atLeast(count);
  }
}
