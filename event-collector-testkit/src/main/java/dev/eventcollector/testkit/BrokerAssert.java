package dev.eventcollector.testkit;

import dev.eventcollector.testkit.broker.Broker;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about a real broker.
 *
 * <pre>{@code
 * assertThat(broker).queue("orders").received(event().withHeader("tenant", "acme"));
 * }</pre>
 */
public final class BrokerAssert extends AbstractAssert<BrokerAssert, Broker> {

  private @Nullable PayloadDecoder decoder;

  BrokerAssert(Broker actual) {
    super(actual, BrokerAssert.class);
  }

  /**
   * Sets the decoder of bodies, for example {@code objectMapper::readValue}. Needed for
   * expectations of payloads other than text and byte[].
   */
  public BrokerAssert decodedBy(PayloadDecoder value) {
    decoder = Objects.requireNonNull(value, "decoder");
    return this;
  }

  /** Continues with one queue. */
  public QueueAssert queue(String name) {
    isNotNull();
    return new QueueAssert(actual, name, decoder);
  }
}
