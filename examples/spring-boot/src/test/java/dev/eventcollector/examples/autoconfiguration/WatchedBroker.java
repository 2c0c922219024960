package dev.eventcollector.examples.autoconfiguration;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** In front of a broker: lets each client wait, and reads what it asks for. */
final class WatchedBroker implements AutoCloseable {

  private final ServerSocket server;
  private final int brokerPort;
  private final Duration delay;
  private final List<Integer> heartbeats = new CopyOnWriteArrayList<>();

  private final List<String> virtualHosts = new CopyOnWriteArrayList<>();

  WatchedBroker(int brokerPort, Duration delay) throws IOException {
    this.brokerPort = brokerPort;
    this.delay = delay;
    server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    TlsProxy.inBackground(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Seconds, of each connection so far. */
  List<Integer> heartbeats() {
    return heartbeats;
  }

  /** Of each connection so far. */
  List<String> virtualHosts() {
    return virtualHosts;
  }

  private void accept() throws IOException {
    while (!server.isClosed()) {
      Socket client = server.accept();
      Socket broker = new Socket(InetAddress.getByName("127.0.0.1"), brokerPort);
      TlsProxy.inBackground(
          () -> {
            TimeUnit.NANOSECONDS.sleep(delay.toNanos());
            broker.getInputStream().transferTo(client.getOutputStream());
            client.close();
          });
      TlsProxy.inBackground(
          () -> {
            pass(client.getInputStream(), broker.getOutputStream());
            broker.close();
          });
    }
  }

  private void pass(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[8192];
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      for (int i = 0; i + 8 <= n; i++) {
        if (isMethod(31, buffer, i)) { // tune-ok: channel-max, frame-max and heartbeat
          heartbeats.add((buffer[i + 10] & 0xff) << 8 | (buffer[i + 11] & 0xff));
        }
        if (isMethod(40, buffer, i)) { // open: the virtual host as a short string
          virtualHosts.add(new String(buffer, i + 5, buffer[i + 4], StandardCharsets.UTF_8));
        }
      }
      to.write(buffer, 0, n);
    }
  }

  /** Of the class connection, which is 10 (AMQP 0-9-1, 1.4). */
  private static boolean isMethod(int method, byte[] bytes, int at) {
    return bytes[at] == 0 && bytes[at + 1] == 10 && bytes[at + 2] == 0 && bytes[at + 3] == method;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
