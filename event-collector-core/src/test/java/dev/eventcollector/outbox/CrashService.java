package dev.eventcollector.outbox;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventcollector.Event;
import dev.eventcollector.EventOptions;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A process of the crash suite: threads that place orders, some of which are rolled back, until it
 * is killed. Arguments: URL, user, password, port of the broker, a number for this process.
 */
final class CrashService {

  private static final int THREADS = 3;

  private CrashService() {}

  public static void main(String[] args) throws Exception {
    while (!begin(args)) {
      pause(200); // the database is away
    }
  }

  private static boolean begin(String[] args) throws IOException {
    int port = Integer.parseInt(args[3]);
    int process = Integer.parseInt(args[4]);
    JdbcOutbox outbox;
    PublishingEventCollector events;
    try {
      HikariDataSource dataSource = TestDatabase.pool(args[0], args[1], args[2]);
      outbox = JdbcOutbox.builder(dataSource).lease(Duration.ofSeconds(2)).build();
      events = collector(outbox, port);
    } catch (RuntimeException e) {
      e.printStackTrace();
      return false;
    }
    for (int t = 0; t < THREADS; t++) {
      int thread = process * THREADS + t;
      new Thread(() -> placeOrders(outbox, events, thread)).start();
    }
    System.in.read(); // until it is told to end in order, or killed
    events.close(Duration.ofSeconds(5));
    System.exit(0);
    return true;
  }

  private static PublishingEventCollector collector(JdbcOutbox outbox, int port) {
    return PublishingEventCollector.builder(new SocketPublisher(port))
        .publishTimeout(Duration.ofSeconds(2))
        .firstRetryDelay(Duration.ofMillis(20))
        .maxRetryDelay(Duration.ofMillis(500))
        .outbox(outbox)
        .build();
  }

  private static void placeOrders(JdbcOutbox outbox, PublishingEventCollector events, int thread) {
    Random random = new Random(thread);
    for (int i = 0; ; i++) {
      int number = i;
      int count = 1 + random.nextInt(5);
      boolean fails = random.nextInt(5) == 0;
      try {
        outbox.inTransaction(
            connection -> {
              try (PreparedStatement insert =
                  connection.prepareStatement(
                      "insert into crash_orders (thread, number, events) values (?, ?, ?)")) {
                insert.setInt(1, thread);
                insert.setInt(2, number);
                insert.setInt(3, count);
                insert.executeUpdate();
              }
              for (int e = 0; e < count; e++) {
                String id = thread + ":" + number + ":" + e;
                events.enqueueEvent(new byte[200], "orders", EventOptions.id(id));
              }
              if (fails) {
                throw new IllegalArgumentException("rolled back on purpose");
              }
            });
      } catch (IllegalArgumentException e) {
        // on purpose
      } catch (Exception e) { // the database is away, or the commit is in doubt
        System.out.println("in doubt " + thread + ":" + i);
        pause(50);
      }
      pause(random.nextInt(4));
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends a chunk, and waits for one byte that acknowledges all of it; a connection per thread. */
  private static final class SocketPublisher implements EventPublisher {
    private final int port;
    private final ThreadLocal<Socket> sockets = new ThreadLocal<>();

    SocketPublisher(int port) {
      this.port = port;
    }

    @Override
    public List<Outcome> publish(List<Event> chunk, Duration timeout) {
      boolean sent = false;
      try {
        Socket socket = sockets.get();
        if (socket == null || socket.isClosed()) {
          socket = new Socket();
          socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
          socket.setSoTimeout((int) timeout.toMillis());
          sockets.set(socket);
        }
        sent = true;
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(chunk.size());
        for (Event event : chunk) {
          out.writeUTF(event.id());
        }
        out.flush();
        new DataInputStream(socket.getInputStream()).readByte();
        return new ArrayList<>(Collections.nCopies(chunk.size(), Outcome.confirmed()));
      } catch (IOException e) {
        closeSocket();
        return Collections.nCopies(
            chunk.size(), sent ? Outcome.unknown(e.toString()) : Outcome.notSent(e.toString()));
      }
    }

    private void closeSocket() {
      try {
        Socket socket = sockets.get();
        if (socket != null) {
          socket.close();
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } finally {
        sockets.remove();
      }
    }
  }
}
