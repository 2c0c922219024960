package dev.eventcollector.examples.webhooks.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port that nobody else takes, and that refuses connections. Close it before somebody listens
 * there.
 */
final class HeldPort implements AutoCloseable {

  private final Socket socket = new Socket();

  private HeldPort(int port) throws IOException {
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** One that is free. */
  static HeldPort any() throws IOException {
    return new HeldPort(0);
  }

  /** One that somebody has listened at. */
  static HeldPort of(int port) throws IOException {
    return new HeldPort(port);
  }

  int number() {
    return socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
