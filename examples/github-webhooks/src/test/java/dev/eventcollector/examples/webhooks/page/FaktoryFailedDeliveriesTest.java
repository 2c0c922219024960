package dev.eventcollector.examples.webhooks.page;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.examples.faktory.FaktoryEventPublisher;
import dev.eventcollector.examples.faktory.FaktoryServer;
import dev.eventcollector.examples.faktory.FaktoryStandIn;
import dev.eventcollector.examples.faktory.FaktoryWorker;
import dev.eventcollector.examples.webhooks.app.TestApp;
import dev.eventcollector.examples.webhooks.history.RecentDeliveries;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.rabbitmq.RejectDeliveryException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Actions on Faktory's dead set that end half-way. */
@Timeout(120)
class FaktoryFailedDeliveriesTest {

  private static void kill(FaktoryStandIn server, String... ids) throws Exception {
    try (FaktoryEventPublisher publisher =
            FaktoryEventPublisher.builder().url(server.url()).build();
        FaktoryWorker worker =
            FaktoryWorker.builder()
                .url(server.url())
                .queues(Queues.GITHUB_EVENTS)
                .collector(PublishingEventCollector.builder((chunk, timeout) -> List.of()).build())
                .handler(
                    (delivery, events) -> {
                      throw RejectDeliveryException.dead("never");
                    })
                .start()) {
      for (String id : ids) {
        publisher.publish(
            List.of(new Event(id, Queues.GITHUB_EVENTS, new byte[0], null, Map.of())),
            Duration.ofSeconds(10));
      }
      await()
          .atMost(TestApp.PATIENCE)
          .ignoreExceptionsInstanceOf(IOException.class) // connecting may take but three seconds
          .until(() -> FaktoryServer.at(server.url()).info().dead() == ids.length);
    }
  }

  @Test
  void should_count_what_was_requeued_and_say_why_when_faktorys_answer_is_lost() throws Exception {
    try (FaktoryStandIn server = FaktoryStandIn.start();
        ServerSocket front = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      kill(server, "guid-1", "guid-2");
      URI real = URI.create(server.url());
      Thread losing = new Thread(() -> loseAnswersToMutate(front, real), "losing");
      losing.setDaemon(true);
      losing.start();
      FaktoryFailedDeliveries failed =
          new FaktoryFailedDeliveries(
              FaktoryServer.at("tcp://127.0.0.1:" + front.getLocalPort()),
              new RecentDeliveries(Clock.systemUTC()),
              Duration.ofSeconds(60));

      FailedDeliveries.Changed changed = failed.requeueAll();

      assertThat(changed.done()).isEqualTo(2);
      assertThat(changed.left()).isZero();
      assertThat(changed.problem()).contains("Faktory gave no answer, and may still be requeueing");
      assertThat(FaktoryServer.at(server.url()).info().queues())
          .containsEntry(Queues.GITHUB_EVENTS, 2L);
      server.goAway();
      assertThatThrownBy(failed::requeueAll).isInstanceOf(IOException.class);
      failed.close();
    }
  }

  private static void loseAnswersToMutate(ServerSocket front, URI real) {
    try {
      while (true) {
        Socket client = front.accept();
        Socket server = new Socket(real.getHost(), real.getPort());
        boolean[] isMutate = {false};
        pump(client, server, isMutate, false);
        pump(server, client, isMutate, true);
      }
    } catch (IOException e) {
      // the test is over, or the server is away
    }
  }

  private static void pump(Socket from, Socket to, boolean[] isMutate, boolean answers) {
    Thread pump =
        new Thread(
            () -> {
              byte[] some = new byte[8_192];
              try (from;
                  to) {
                InputStream in = from.getInputStream();
                for (int read = in.read(some); read >= 0; read = in.read(some)) {
                  synchronized (isMutate) {
                    if (answers && isMutate[0]) {
                      return;
                    }
                    isMutate[0] |= new String(some, 0, read, ISO_8859_1).contains("MUTATE");
                  }
                  to.getOutputStream().write(some, 0, read);
                }
              } catch (IOException e) {
                // the other side has ended
              }
            },
            "pump");
    pump.setDaemon(true);
    pump.start();
  }
}
