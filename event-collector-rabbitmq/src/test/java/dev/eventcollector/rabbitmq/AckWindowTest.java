package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AckWindowTest {

  private final AckWindow window = new AckWindow();

  private List<String> frames() {
    SettlementFrames frames = new SettlementFrames(7);
    window.writeTo(frames);
    List<String> read = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(frames.bytes());
    while (bytes.hasRemaining()) {
      assertThat(bytes.get()).as("a method frame").isEqualTo((byte) 1);
      assertThat(bytes.getShort()).as("of the channel").isEqualTo((short) 7);
      assertThat(bytes.getInt()).as("its size").isEqualTo(13);
      assertThat(bytes.getShort()).as("class basic").isEqualTo((short) 60);
      short method = bytes.getShort();
      long tag = bytes.getLong();
      byte bits = bytes.get();
      assertThat(bytes.get()).as("end of frame").isEqualTo((byte) 0xCE);
      read.add(
          (method == 80 ? bits == 1 ? "ack up to " : "ack " : bits == 2 ? "nack " : "? ") + tag);
    }
    return read;
  }

  @Test
  void should_acknowledge_many_at_once_when_nothing_below_is_open() {
    window.ack(2);
    window.ack(1);
    window.ack(3);

    assertThat(frames()).containsExactly("ack up to 3");
  }

  @Test
  void should_never_acknowledge_past_an_open_delivery() {
    window.ack(1);
    window.ack(2);
    window.ack(4);
    assertThat(frames()).containsExactly("ack up to 2", "ack 4");

    window.ack(3);
    window.ack(5);
    assertThat(frames()).as("4 is acknowledged by itself").containsExactly("ack up to 5");
  }

  @Test
  void should_give_back_before_it_acknowledges_when_both_are_settled() {
    window.ack(1);
    window.nack(2);
    window.ack(3);

    assertThat(frames()).containsExactly("nack 2", "ack up to 3");
  }

  @Test
  void should_acknowledge_one_alone_when_it_is_the_only_one() {
    window.ack(1);
    assertThat(frames()).containsExactly("ack 1");
  }

  @Test
  void should_settle_once_when_asked_twice() {
    window.ack(1);
    window.nack(1);
    frames();
    window.ack(1);

    assertThat(window.isDirty()).isFalse();
  }

  @Test
  void should_settle_each_exactly_once_when_settled_in_any_order() {
    Random random = new Random(42);
    for (int run = 0; run < 200; run++) {
      AckWindow own = new AckWindow();
      TreeSet<Long> open = new TreeSet<>(); // as the broker sees it
      TreeSet<Long> unsettled = new TreeSet<>();
      for (long tag = 1; tag <= 100; tag++) {
        open.add(tag);
        unsettled.add(tag);
      }
      List<Long> order = new ArrayList<>(open);
      java.util.Collections.shuffle(order, random);
      for (long tag : order) {
        unsettled.remove(tag);
        if (random.nextInt(10) == 0) {
          own.nack(tag);
        } else {
          own.ack(tag);
        }
        if (random.nextInt(5) == 0 || tag == order.get(99)) {
          SettlementFrames frames = new SettlementFrames(1);
          own.writeTo(frames);
          apply(frames, open);
          assertThat(open).isEqualTo(unsettled);
        }
      }
      assertThat(open).isEmpty();
    }
  }

  /** A broker closes the channel over a tag that is not open. */
  private static void apply(SettlementFrames frames, TreeSet<Long> open) {
    ByteBuffer bytes = ByteBuffer.wrap(frames.bytes());
    while (bytes.hasRemaining()) {
      bytes.position(bytes.position() + 11);
      long tag = bytes.getLong();
      byte bits = bytes.get();
      bytes.get();
      assertThat(open).contains(tag);
      if (bits == 1) {
        open.headSet(tag, true).clear();
      } else {
        open.remove(tag);
      }
    }
  }
}
