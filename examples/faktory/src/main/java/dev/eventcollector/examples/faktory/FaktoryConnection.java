package dev.eventcollector.examples.faktory;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One connection: a command, then its answer. For one thread at a time; {@link #tearDown} is for
 * any.
 */
final class FaktoryConnection {

  private static final byte[] NO_PAYLOAD = {};
  private static final int BUFFER = 16 * 1024;

  private final ServerAddress address;
  private final Watchdog watchdog;
  private final Socket plain = new Socket();
  private Socket socket = plain;
  private InputStream in = InputStream.nullInputStream();
  private OutputStream out = OutputStream.nullOutputStream();
  private RespReader replies = new RespReader(in);
  private volatile boolean open = true;
  private long lastUsed = System.nanoTime();

  private FaktoryConnection(ServerAddress address, Watchdog watchdog) {
    this.address = address;
    this.watchdog = watchdog;
  }

  /**
   * Connects and introduces us, all of it before the deadline but for looking up the host.
   *
   * @param tls makes TLS sockets; null for none
   */
  static FaktoryConnection open(
      Hello hello, @Nullable SSLSocketFactory tls, Watchdog watchdog, long deadline)
      throws IOException {
    FaktoryConnection connection = new FaktoryConnection(hello.address(), watchdog);
    try (Watchdog.Watch watch = watchdog.watch(connection::tearDown, deadline, null)) {
      try {
        connection.connect(tls, deadline);
        connection.introduce(hello);
        return connection;
      } catch (IOException | RuntimeException e) {
        connection.tearDown();
        if (watch.hasBitten()) {
          throw new FaktoryException(hello.address() + " did not greet us in time");
        }
        throw e;
      }
    }
  }

  private void connect(@Nullable SSLSocketFactory tls, long deadline) throws IOException {
    InetSocketAddress endpoint = new InetSocketAddress(address.host(), address.port());
    if (endpoint.isUnresolved()) {
      throw new UnknownHostException(address.host());
    }
    plain.setTcpNoDelay(true);
    plain.setKeepAlive(true); // firewalls cut what is silent, and a worker is while it works
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    plain.connect(endpoint, (int) Math.max(1, Math.min(millis, Integer.MAX_VALUE)));
    if (tls != null) {
      SSLSocket layered = (SSLSocket) tls.createSocket(plain, address.host(), address.port(), true);
      SSLParameters parameters = layered.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the host name check of RFC 2818
      layered.setSSLParameters(parameters);
      layered.startHandshake();
      socket = layered;
    }
    in = new BufferedInputStream(socket.getInputStream(), BUFFER);
    out = socket.getOutputStream();
    replies = new RespReader(in);
  }

  private void introduce(Hello hello) throws IOException {
    write("HELLO", hello.answer(replies.read()));
    Reply reply = replies.read();
    if (!reply.isOk()) {
      throw new FaktoryException(
          reply instanceof Reply.Failure failure
              ? String.format(Locale.ROOT, "%s turned us away: %s", address, failure.message())
              : String.format(
                  Locale.ROOT, "%s answers HELLO with %s", address, reply.description()));
    }
  }

  /** A command without an argument. */
  Reply call(String verb, long deadline) throws IOException {
    return call(verb, NO_PAYLOAD, deadline, null);
  }

  /**
   * Sends a command and waits for its answer. After an exception the connection is torn down, and
   * whether the command was carried out is not known.
   *
   * @param argument in one line
   * @param waiting the thread whose interrupt ends this early; null when none does
   */
  Reply call(String verb, byte[] argument, long deadline, @Nullable Thread waiting)
      throws IOException {
    try (Watchdog.Watch watch = watchdog.watch(this::tearDown, deadline, waiting)) {
      try {
        write(verb, argument);
        Reply reply = replies.read();
        lastUsed = System.nanoTime();
        return reply;
      } catch (IOException | RuntimeException e) {
        tearDown();
        if (watch.hasBitten()) {
          throw new FaktoryException(
              waiting != null && waiting.isInterrupted()
                  ? "interrupted while waiting for " + address
                  : String.format(Locale.ROOT, "%s did not answer %s in time", address, verb));
        }
        throw e;
      } catch (Error e) { // out of memory in the middle of an answer: what follows is not the next
        tearDown();
        throw e;
      }
    }
  }

  /** In one write, so that a short command is one packet. */
  private void write(String verb, byte[] argument) throws IOException {
    byte[] line = new byte[verb.length() + 1 + argument.length + 2];
    System.arraycopy(verb.getBytes(StandardCharsets.US_ASCII), 0, line, 0, verb.length());
    int length = verb.length();
    if (argument.length > 0) {
      line[length++] = ' ';
      System.arraycopy(argument, 0, line, length, argument.length);
      length += argument.length;
    }
    line[length++] = '\r';
    line[length++] = '\n';
    out.write(line, 0, length);
    out.flush();
  }

  boolean isOpen() {
    return open;
  }

  long idleNanos() {
    return System.nanoTime() - lastUsed;
  }

  /** Whether the server has closed it, or has said something unasked; takes a millisecond. */
  boolean isStale() {
    try {
      if (!open || in.available() > 0) {
        return true;
      }
      socket.setSoTimeout(1);
      try {
        in.read();
        return true; // the end, or what nobody has asked for
      } catch (SocketTimeoutException e) {
        return false;
      } finally {
        socket.setSoTimeout(0);
      }
    } catch (IOException e) {
      return true;
    }
  }

  /** Says goodbye, for which no answer comes, and closes. */
  void end(long deadline) {
    if (open) {
      try (Watchdog.Watch watch = watchdog.watch(this::tearDown, deadline, null)) {
        write("END", NO_PAYLOAD);
      } catch (IOException e) {
        // It is closed then, which is what was wanted.
      }
    }
    tearDown();
  }

  /** Closes at once, with no goodbye that could block; a thread that reads or writes fails. */
  void tearDown() {
    open = false;
    try {
      plain.close();
    } catch (IOException e) {
      // There is nothing more to be done to a socket that cannot be closed.
    }
  }
}
