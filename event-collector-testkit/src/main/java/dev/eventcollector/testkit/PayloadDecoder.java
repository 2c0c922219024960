package dev.eventcollector.testkit;

/**
 * Turns the body of a message from a real broker back into a payload, for assertions.
 *
 * <pre>{@code
 * assertThat(broker).decodedBy(objectMapper::readValue).queue("orders").received(...)
 * }</pre>
 */
@FunctionalInterface
public interface PayloadDecoder {

  /**
   * The payload.
   *
   * @throws Exception when the body is not of that type
   */
  <T> T decode(byte[] body, Class<T> type) throws Exception;
}
