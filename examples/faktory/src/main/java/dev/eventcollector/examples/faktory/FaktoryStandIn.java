package dev.eventcollector.examples.faktory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * <b>Not Faktory.</b> Stands in for a Faktory server in tests and demos, where none can be had. It
 * speaks the protocol, keeps the rules of Faktory 1.10 and its faults, and holds all jobs in
 * memory. It has no page, and listens on loopback only.
 *
 * <pre>{@code
 * try (var server = FaktoryStandIn.start()) {
 *   var publisher = FaktoryEventPublisher.builder().url(server.url()).build();
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
public final class FaktoryStandIn implements AutoCloseable {

  private static final int MAX_CONNECTIONS = 2_000;
  private static final long STOP_SECONDS = 10;

  private final StandInStore store = new StandInStore();
  private final StandInWorkers workers = new StandInWorkers(store::now);
  private final @Nullable String password;
  private final int maxConnections;
  private final int port;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(DaemonThreads.named("faktory-stand-in"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("faktory-stand-in-timer"));
  private final Set<StandInConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile @Nullable ServerSocket listening;
  private volatile @Nullable Socket held;
  private volatile Future<?> accepting = CompletableFuture.completedFuture(null);

  private FaktoryStandIn(int port, @Nullable String password, int maxConnections) {
    this.password = password;
    this.maxConnections = maxConnections;
    this.port = listen(port);
    timer.scheduleAtFixedRate(this::passTime, 1, 1, TimeUnit.SECONDS);
  }

  /** On any free port, without a password. */
  public static FaktoryStandIn start() {
    return new FaktoryStandIn(0, null, MAX_CONNECTIONS);
  }

  /**
   * Starts it.
   *
   * @param port 0 for any
   * @param password null for none
   * @throws UncheckedIOException when the port is taken
   */
  public static FaktoryStandIn start(int port, @Nullable String password) {
    return new FaktoryStandIn(port, password, MAX_CONNECTIONS);
  }

  /** With another limit of connections. */
  static FaktoryStandIn withConnections(int max) {
    return new FaktoryStandIn(0, null, max);
  }

  /** Where it is, with the password. */
  public String url() {
    return String.format(
        Locale.ROOT,
        "tcp://%slocalhost:%d",
        password == null
            ? ""
            : ":" + URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20") + "@",
        port);
  }

  private int listen(int where) {
    try {
      ServerSocket server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), where), 200);
      listening = server;
      accepting = threads.submit(() -> accept(server));
      return server.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("the stand-in cannot listen on port " + where, e);
    }
  }

  private void accept(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        StandInConnection connection =
            new StandInConnection(
                socket, store, workers, password, connections.size(), maxConnections);
        connections.add(connection);
        threads.execute(
            () -> {
              try {
                connection.run();
              } finally {
                connections.remove(connection);
              }
            });
      } catch (IOException e) {
        // Closed, or a client that was gone at once.
      }
    }
  }

  private void passTime() {
    store.passTime();
    workers.passTime();
  }

  /** Lets time pass for reservations, retries, scheduled jobs and heartbeats. */
  public void advance(Duration by) {
    store.advance(by);
    workers.passTime();
  }

  /** Wants all workers to be quiet, or to terminate, as a click on the server's page does. */
  public void tellWorkers(FaktoryWorker.State wish) {
    workers.tellAll(wish == FaktoryWorker.State.QUIET ? "quiet" : "terminate");
  }

  /** Closes all connections. */
  public void dropConnections() {
    connections.forEach(StandInConnection::close);
  }

  /**
   * Whether it still serves a connection that it has closed. A {@code FETCH} of such a connection
   * waits on, and takes a job that comes meanwhile, which is lost until its reservation is over;
   * Faktory does that.
   */
  public boolean servesLostConnections() {
    return connections.stream().anyMatch(StandInConnection::isClosed);
  }

  /** Is not there any more, until {@link #comeBack}; keeps all jobs, and the port. */
  public void goAway() {
    stopListening();
    holdPort();
    dropConnections();
  }

  /** Bound, so that nobody else takes it, but not listening, so that connections are refused. */
  private void holdPort() {
    releasePort();
    try {
      Socket socket = new Socket();
      held = socket;
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      releasePort(); // not held then, and most likely nobody takes it
    }
  }

  private void releasePort() {
    Socket socket = held;
    if (socket != null) {
      held = null;
      try {
        socket.close();
      } catch (IOException e) {
        // It is as closed as it can be.
      }
    }
  }

  /** Dies, as of {@code kill -9}: jobs that were pushed within the last 30 seconds are gone. */
  public void crash() {
    goAway();
    store.crash();
  }

  /** No longer knows which jobs are being worked on, as when it comes back from an old snapshot. */
  public void forgetReservations() {
    store.forgetReservations();
  }

  /** Is there again, on the same port. */
  public void comeBack() {
    releasePort();
    listen(port);
  }

  /** The port is free only when nobody accepts any more. */
  private void stopListening() {
    ServerSocket server = listening;
    if (server != null) {
      try {
        server.close();
        accepting.get(STOP_SECONDS, TimeUnit.SECONDS);
      } catch (IOException | ExecutionException | TimeoutException e) {
        throw new IllegalStateException("the stand-in does not stop to listen", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends it; all jobs are gone. */
  @Override
  public void close() {
    stopListening();
    releasePort();
    dropConnections();
    timer.shutdownNow();
    threads.shutdownNow();
  }
}
