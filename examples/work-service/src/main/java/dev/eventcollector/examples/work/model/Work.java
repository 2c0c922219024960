package dev.eventcollector.examples.work.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * To add up the numbers from 1.
 *
 * @param addUpTo the last number
 * @param result the sum, once it is done
 */
public record Work(
    int id,
    String workCode,
    int addUpTo,
    boolean done,
    @Nullable Long result,
    Instant createdOn,
    Instant updatedOn) {

  /** The work as the API and the clients show it; times in Unix seconds. */
  public View view() {
    return new View(
        id, workCode, addUpTo, done, createdOn.getEpochSecond(), updatedOn.getEpochSecond());
  }

  /** The work as it is announced once it is done. */
  public Announcement announcement() {
    return new Announcement(
        id,
        workCode,
        addUpTo,
        done,
        result,
        createdOn.getEpochSecond(),
        updatedOn.getEpochSecond());
  }

  /** See {@link #view()}. */
  @JsonPropertyOrder({"id", "work_code", "add_up_to", "done", "created_on", "updated_on"})
  public record View(
      int id,
      @JsonProperty("work_code") String workCode,
      @JsonProperty("add_up_to") int addUpTo,
      boolean done,
      @JsonProperty("created_on") long createdOn,
      @JsonProperty("updated_on") long updatedOn) {}

  /** See {@link #announcement()}. */
  @JsonPropertyOrder({"id", "work_code", "add_up_to", "done", "result", "created_on", "updated_on"})
  public record Announcement(
      int id,
      @JsonProperty("work_code") String workCode,
      @JsonProperty("add_up_to") int addUpTo,
      boolean done,
      @Nullable Long result,
      @JsonProperty("created_on") long createdOn,
      @JsonProperty("updated_on") long updatedOn) {}
}
