package dev.eventcollector.rabbitmq.faultlab;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stands between a client and a broker, on 127.0.0.1, and does on command what networks do.
 *
 * <p>A fault holds for the connections that are open and those that come, until {@link #resume()}.
 * Small buffers, daemon threads; a stall that nobody ends is cut after a minute.
 */
public final class FaultProxy implements AutoCloseable {

  /** Which way the bytes go. */
  public enum Direction {
    TO_BROKER,
    TO_CLIENT
  }

  static final int BUFFER_BYTES = 16 * 1024;
  private static final int MOST_CONNECTIONS = 256;
  private static final long LONGEST_STALL_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final URI broker;
  private final int port;
  private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Direction, Fault> forNewOnes = new EnumMap<>(Direction.class);
  private final Map<Direction, Long> passed = new EnumMap<>(Direction.class);
  private final Map<Direction, Long> cutAt = new EnumMap<>(Direction.class);
  private volatile boolean answering = true;
  private volatile boolean resetting;
  private ServerSocket server;
  private volatile int accepted;

  private FaultProxy(URI broker) throws IOException {
    this.broker = broker;
    for (Direction direction : Direction.values()) {
      forNewOnes.put(direction, Fault.NONE);
      passed.put(direction, 0L);
    }
    server = listen(0);
    port = server.getLocalPort();
  }

  /** A proxy to the broker at this AMQP URI. */
  public static FaultProxy to(String uri) throws IOException {
    return new FaultProxy(URI.create(uri));
  }

  private ServerSocket listen(int wanted) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.setReceiveBufferSize(BUFFER_BYTES); // so that back-pressure comes soon
    socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), wanted), 50);
    start("fault-proxy-accept", () -> acceptFrom(socket));
    return socket;
  }

  static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptFrom(ServerSocket socket) {
    try {
      while (true) {
        Socket client = socket.accept();
        accepted++;
        if (resetting || connections.size() >= MOST_CONNECTIONS) {
          client.setSoLinger(true, 0);
          client.close();
        } else {
          connect(client);
        }
      }
    } catch (IOException e) {
      // It was closed, to refuse connections or for good.
    }
  }

  private void connect(Socket client) {
    ProxiedConnection connection = new ProxiedConnection(this, client);
    connections.add(connection);
    lock.lock();
    try {
      forNewOnes.forEach(connection::set);
    } finally {
      lock.unlock();
    }
    if (answering) {
      connection.open(broker.getHost(), broker.getPort());
    } else {
      start("fault-proxy-silence", connection::listenAndSayNothing);
    }
  }

  void ended(ProxiedConnection connection) {
    connections.remove(connection);
  }

  public int port() {
    return port;
  }

  /** The broker's URI, but through here. */
  public String uri() {
    String user = broker.getRawUserInfo() == null ? "" : broker.getRawUserInfo() + "@";
    return String.format(
        Locale.ROOT, "%s://%s127.0.0.1:%d%s", broker.getScheme(), user, port, broker.getRawPath());
  }

  /** Stops reading what goes this way, so that TCP's back-pressure builds up. */
  public void stall(Direction direction) {
    set(direction, Fault.STALL);
  }

  /** Reads what goes this way and throws it away. */
  public void swallow(Direction direction) {
    set(direction, Fault.SWALLOW);
  }

  /** Lets no more than so many bytes a second pass. */
  public void slowDown(Direction direction, long bytesPerSecond) {
    set(direction, Fault.slow(bytesPerSecond));
  }

  private void set(Direction direction, Fault fault) {
    lock.lock();
    try {
      forNewOnes.put(direction, fault);
      connections.forEach(connection -> connection.set(direction, fault));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Everything passes again, and connections are answered; what was swallowed stays lost. */
  public void resume() {
    resumeNewOnes();
    for (Direction direction : Direction.values()) {
      set(direction, Fault.NONE);
    }
  }

  /** As {@link #resume()}, but the connections that are open keep their faults. */
  public void resumeNewOnes() {
    lock.lock();
    try {
      answering = true;
      resetting = false;
      for (Direction direction : Direction.values()) {
        forNewOnes.put(direction, Fault.NONE);
      }
      cutAt.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Resets every connection (RST, no goodbye). */
  public void cut() {
    connections.forEach(ProxiedConnection::reset);
  }

  /** Cuts as soon as so many more bytes have gone this way. */
  public void cutAfter(Direction direction, long bytes) {
    lock.lock();
    try {
      cutAt.put(direction, passed(direction) + bytes);
    } finally {
      lock.unlock();
    }
  }

  /** Ends every connection in one direction only (FIN). */
  public void halfClose(Direction direction) {
    connections.forEach(connection -> connection.halfClose(direction));
  }

  /** Accepts connections from now on without ever passing anything. */
  public void acceptAndNeverAnswer() {
    answering = false;
  }

  /** Resets connections as soon as they come, as a load balancer without a broker behind it. */
  public void acceptAndReset() {
    resetting = true;
  }

  /** Has new connections refused, as by a host where nothing listens. */
  public void refuseConnections() throws IOException {
    server.close();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!isRefused()) { // closing takes effect when the thread that accepts has noticed it
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("port " + port + " still accepts connections");
      }
    }
  }

  /**
   * False as well for a connection that the closing socket takes and resets: it has not closed yet.
   */
  private boolean isRefused() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (SocketException e) {
      return false;
    }
  }

  /** Ends {@link #refuseConnections()}. */
  public void acceptConnections() throws IOException {
    server = listen(port);
  }

  /** How many connections are open. */
  public int connections() {
    return connections.size();
  }

  /** How many connections have come, ever. */
  public int accepted() {
    return accepted;
  }

  /** How many bytes have gone this way, swallowed ones not counted. */
  public long passed(Direction direction) {
    lock.lock();
    try {
      return passed.getOrDefault(direction, 0L);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until bytes may be read from the connection, and tells what is to be done with them. */
  Fault awaitTurn(ProxiedConnection connection, Direction direction)
      throws IOException, InterruptedException {
    lock.lock();
    try {
      long remaining = LONGEST_STALL_NANOS;
      while (connection.fault(direction) == Fault.STALL && connection.isOpen()) {
        if (remaining <= 0) {
          throw new IOException("stalled for too long");
        }
        remaining = changed.awaitNanos(remaining);
      }
      return connection.fault(direction);
    } finally {
      lock.unlock();
    }
  }

  static final int SWALLOWED = -1;

  /**
   * How many of the bytes are to be passed on; fewer than there are, when the connection is then to
   * be cut.
   */
  int admit(ProxiedConnection connection, Direction direction, int count)
      throws IOException, InterruptedException {
    Fault fault = awaitTurn(connection, direction);
    lock.lock();
    try {
      if (fault == Fault.SWALLOW) {
        return SWALLOWED;
      }
      long remaining = fault.nanosFor(count);
      while (remaining > 0 && connection.fault(direction) == fault && connection.isOpen()) {
        remaining = changed.awaitNanos(remaining);
      }
      long before = passed(direction);
      long limit = cutAt.getOrDefault(direction, Long.MAX_VALUE);
      int admitted = (int) Math.min(count, Math.max(0, limit - before));
      passed.put(direction, before + admitted);
      if (admitted < count) {
        cutAt.remove(direction);
      }
      return admitted;
    } finally {
      lock.unlock();
    }
  }

  void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
