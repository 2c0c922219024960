package dev.eventcollector.testkit;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.UnitsOfWork.Action;
import dev.eventcollector.testkit.EventLog.Mark;
import dev.eventcollector.testkit.broker.Broker;
import org.assertj.core.api.Assertions;

/**
 * The entry point for assertions about events. It includes AssertJ's own assertions, so that one
 * static import is enough.
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

  /** Asserts about all recorded events of a collector. */
  public static EventCollectorAssert assertThat(InMemoryEventCollector events) {
    return new EventCollectorAssert(events);
  }

  /** Asserts about the messages in the queues of a real broker. */
  public static BrokerAssert assertThat(Broker broker) {
    return new BrokerAssert(broker);
  }

  /**
   * Runs a block; the assertions are about events enqueued or published since it began. Like {@link
   * #assertThatPublishedBy(InMemoryEventCollector, Action)}, with the collector installed for the
   * calling thread, for example by {@link EventCollectorExtension}.
   *
   * @throws X the exception of the block
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
   * Runs a block; the assertions are about events enqueued or published since it began, by any
   * thread.
   *
   * @throws X the exception of the block
   */
  public static <X extends Exception> EventCollectorAssert assertThatPublishedBy(
      InMemoryEventCollector events, Action<X> block) throws X {
    Mark before = events.log().now();
    block.run();
    return new EventCollectorAssert(events, before);
  }

  /** Any event; narrow it with its methods. */
  public static ExpectedEvent event() {
    return ExpectedEvent.ANY;
  }

  /**
   * Exactly this many.
   *
   * @throws IllegalArgumentException when the number is negative
   */
  public static Count exactly(int count) {
    return Count.exactly(count);
  }

  /**
   * This many or more.
   *
   * @throws IllegalArgumentException when the number is negative
   */
  public static Count atLeast(int count) {
    return Count.atLeast(count);
  }
}
