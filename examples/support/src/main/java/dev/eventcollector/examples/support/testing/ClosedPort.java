package dev.eventcollector.examples.support.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of the loopback interface that refuses connections, and that no other program gets until
 * it is closed. Close it before somebody listens there.
 */
public final class ClosedPort implements AutoCloseable {

  private final Socket socket = new Socket();

  private ClosedPort(int number) throws IOException {
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
  }

  /** Takes one that is free. */
  public static ClosedPort any() throws IOException {
    return new ClosedPort(0);
  }

  /** Takes one where somebody has listened before. */
  public static ClosedPort of(int number) throws IOException {
    return new ClosedPort(number);
  }

  /** Its number. */
  public int number() {
    return socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
