package dev.eventcollector.examples.work.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks for a work.
 *
 * @param addUpTo the last number to add, from 1 to {@value #MAX}
 * @param done false: nobody demands what is done
 */
@JsonPropertyOrder({"add_up_to", "done"})
public record WorkDemand(@JsonProperty("add_up_to") int addUpTo, boolean done) {

  /**
   * At 100 ms per step this takes 17 minutes; RabbitMQ waits half an hour for an acknowledgement.
   */
  public static final int MAX = 10_000;

  private static final ObjectReader JSON =
      JsonMapper.shared().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** A demand that is open. */
  public static WorkDemand of(int addUpTo) {
    return new WorkDemand(addUpTo, false);
  }

  /**
   * Reads a demand; what it has in addition is ignored.
   *
   * @throws MalformedDemandException says what is wrong with it, without showing it
   */
  public static WorkDemand read(byte[] json) throws MalformedDemandException {
    JsonNode demand;
    try {
      demand = JSON.readTree(json);
    } catch (JacksonException e) {
      throw new MalformedDemandException("it is not JSON");
    }
    if (!demand.isObject()) {
      throw new MalformedDemandException("it is not a JSON object");
    }
    JsonNode addUpTo = demand.path("add_up_to");
    if (!addUpTo.isIntegralNumber()
        || !addUpTo.canConvertToInt()
        || addUpTo.intValue() < 1
        || addUpTo.intValue() > MAX) {
      throw new MalformedDemandException("add_up_to must be a whole number from 1 to " + MAX);
    }
    JsonNode done = demand.path("done");
    if (!done.isMissingNode() && !(done.isBoolean() && !done.booleanValue())) {
      throw new MalformedDemandException("done must be false");
    }
    return of(addUpTo.intValue());
  }
}
