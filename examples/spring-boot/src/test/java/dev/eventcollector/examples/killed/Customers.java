package dev.eventcollector.examples.killed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Some threads that order all the time, and now and then what was ordered before. */
final class Customers implements AutoCloseable {

  private static final int THREADS = 3;
  private static final int TWICE = 5;

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger next = new AtomicInteger();
  private final Set<Integer> taken = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private volatile int port;
  private volatile boolean closed;

  Customers() {
    for (int i = 0; i < THREADS; i++) {
      Thread thread = new Thread(this::order, "customer-" + i);
      thread.start();
      threads.add(thread);
    }
  }

  /** Where the shop is now; 0 while it is closed. */
  void shopAt(int newPort) {
    port = newPort;
  }

  /** Orders that the shop has answered with 201. */
  Set<Integer> taken() {
    return taken;
  }

  /** How many the shop has answered with 500, as it had them already. */
  int refused() {
    return refused.get();
  }

  /** How many got no answer. */
  int unanswered() {
    return unanswered.get();
  }

  private void order() {
    while (!closed) {
      int shop = port;
      if (shop == 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        continue;
      }
      int id = next.incrementAndGet();
      if (id % TWICE == 0) {
        id = ThreadLocalRandom.current().nextInt(id);
      }
      order(shop, id);
    }
  }

  private void order(int shop, int id) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + shop + "/orders/" + id))
            .timeout(Duration.ofSeconds(30))
            .POST(BodyPublishers.noBody())
            .build();
    try {
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      if (status == 201) {
        taken.add(id);
      } else {
        refused.incrementAndGet();
      }
    } catch (IOException e) {
      unanswered.incrementAndGet();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
