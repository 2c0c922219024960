package dev.eventcollector.examples.forwarder;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of 127.0.0.1 at which nobody listens, and which nobody else gets until it is given back.
 *
 * @param socket has the port, and does not listen: whoever connects is refused
 */
public record ClosedPort(Socket socket, int number) implements AutoCloseable {

  /** Takes any that is free. */
  public static ClosedPort take() throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return new ClosedPort(socket, socket.getLocalPort());
  }

  /** Gives it back. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
