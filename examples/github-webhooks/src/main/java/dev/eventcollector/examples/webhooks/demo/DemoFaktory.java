package dev.eventcollector.examples.webhooks.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.eventcollector.EventCollector;
import dev.eventcollector.examples.faktory.FaktoryStandIn;
import dev.eventcollector.examples.faktory.FaktoryWorker;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.settings.BrokerChoice;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Not Faktory, but a stand-in that speaks its protocol. */
public final class DemoFaktory implements DemoBroker {

  private static final Logger LOGGER = LoggerFactory.getLogger(DemoFaktory.class);

  private final FaktoryStandIn server = FaktoryStandIn.start();
  private long retried;

  DemoFaktory() {
    LOGGER.info("started a stand-in for Faktory in this process; it is not a Faktory server");
  }

  @Override
  public List<String> flags() {
    return List.of(BrokerChoice.QUEUE, server.url());
  }

  @Override
  public Closeable takeRuns(EventCollector events, DeliveryHandler handler) {
    FaktoryWorker worker =
        FaktoryWorker.builder()
            .url(server.url())
            .queues(Queues.WORKFLOW_RUNS)
            .collector(events)
            .handler(handler)
            .start();
    return worker::close;
  }

  /** As somebody who does not want to wait and clicks on "retry now" on Faktory's page. */
  @Override
  public void onRetries(long count) {
    if (count > retried) {
      retried = count;
      retryNow(server.url());
    }
  }

  public static void retryNow(String url) {
    URI address = URI.create(url);
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout(5_000);
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      for (String command :
          List.of(
              "HELLO {\"v\":2}",
              "MUTATE {\"cmd\":\"requeue\",\"target\":\"retries\",\"filter\":{\"regexp\":\"*\"}}")) {
        in.readLine();
        socket.getOutputStream().write((command + "\r\n").getBytes(UTF_8));
      }
      String answer = in.readLine();
      if (!"+OK".equals(answer)) {
        throw new IOException("it answers " + answer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the stand-in does not retry", e);
    }
  }

  @Override
  public void stop() throws InterruptedException {
    server.goAway();
    while (server.servesLostConnections()) { // a job of theirs would come again after minutes
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Override
  public void restart() {
    server.comeBack();
  }

  @Override
  public void close() {
    server.close();
  }
}
