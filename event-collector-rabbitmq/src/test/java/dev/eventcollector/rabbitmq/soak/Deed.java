package dev.eventcollector.rabbitmq.soak;

import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RejectDeliveryException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.MDC;

/** A handler's action, and the end that its delivery must come to. */
enum Deed {
  SUCCEEDS(Fate.COMPLETED),
  FAILS_ONCE(Fate.COMPLETED),
  FAILS_WITH_AN_ERROR_ONCE(Fate.COMPLETED),
  TIMES_OUT_ONCE(Fate.COMPLETED),
  SPOILS_ITS_THREAD(Fate.COMPLETED),
  LEAVES_A_UNIT_OPEN(Fate.COMPLETED),
  ALWAYS_FAILS(Fate.DEAD),
  THROWS_WHAT_CANNOT_BE_DESCRIBED(Fate.DEAD),
  REJECTS(Fate.DEAD),
  DROPS(Fate.DROPPED);

  enum Fate {
    COMPLETED,
    DEAD,
    DROPPED
  }

  private static final String ON_PURPOSE = "on purpose";

  private final Fate fate;

  Deed(Fate fate) {
    this.fate = fate;
  }

  Fate fate() {
    return fate;
  }

  /** Most succeed; those that take long are rare. */
  static Deed number(long number) {
    if (number % 3 > 0) {
      return SUCCEEDS;
    }
    Deed deed = values()[(int) (number / 3 % values().length)];
    return deed == TIMES_OUT_ONCE && number / 30 % 10 > 0 ? FAILS_ONCE : deed;
  }

  /** Whether the reason for which a delivery is dead is its own. */
  boolean explains(String reason) {
    return switch (this) {
      case ALWAYS_FAILS, REJECTS -> reason.contains(ON_PURPOSE);
      case THROWS_WHAT_CANNOT_BE_DESCRIBED -> reason.contains("Indescribable");
      default -> false;
    };
  }

  private static final class Indescribable extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }
  }

  void handle(Delivery delivery, EventCollector events, String out) throws Exception {
    events.enqueueEvent(delivery.bodyAsText(), out);
    boolean first = delivery.attempt() == 1;
    switch (this) {
      case FAILS_ONCE -> {
        if (first) {
          throw new IOException("once");
        }
      }
      case FAILS_WITH_AN_ERROR_ONCE -> {
        if (first) {
          throw new NoClassDefFoundError("once");
        }
      }
      case TIMES_OUT_ONCE -> {
        if (first) {
          new CountDownLatch(1).await(60, TimeUnit.SECONDS);
        }
      }
      case SPOILS_ITS_THREAD -> {
        MDC.put("left", "behind");
        Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
        Thread.currentThread().interrupt();
      }
      case LEAVES_A_UNIT_OPEN -> events.unitsOfWork().begin().bind();
      case ALWAYS_FAILS -> throw new IOException(ON_PURPOSE);
      case THROWS_WHAT_CANNOT_BE_DESCRIBED -> throw new Indescribable();
      case REJECTS -> throw RejectDeliveryException.dead(ON_PURPOSE);
      case DROPS -> throw RejectDeliveryException.drop(ON_PURPOSE);
      default -> {}
    }
  }
}
