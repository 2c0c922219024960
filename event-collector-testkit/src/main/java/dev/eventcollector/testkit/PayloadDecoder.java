package dev.eventcollector.testkit;

/**
 * Turns the body of a message that came from a true broker into a payload again, for assertions.
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
   * @throws Exception when the body is none of that type
   */
  <T> T decode(byte[] body, Class<T> type) throws Exception;
}
