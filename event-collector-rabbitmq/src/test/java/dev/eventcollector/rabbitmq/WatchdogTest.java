package dev.eventcollector.rabbitmq;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatchdogTest {

  @Test
  @SuppressWarnings("NullAway") // the fault: it stands for an error in tearing a socket down
  void should_go_on_watching_when_a_socket_cannot_be_torn_down_trap_8() throws Exception {
    Watchdog watchdog = new Watchdog();
    BrokerSocket hanging = new BrokerSocket(null, false);
    try {
      watchdog.watch(null, System.nanoTime());
      watchdog.watch(hanging, System.nanoTime() + 200_000_000);

      await().atMost(Duration.ofSeconds(60)).until(hanging::isClosed);
    } finally {
      watchdog.close();
      hanging.close();
    }
  }
}
