package dev.eventcollector.examples.work;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server that takes a request and then does what a test wants, with the bytes of the request. */
public final class ScriptedServer implements AutoCloseable {

  private final ServerSocket server;
  private final StringBuffer received = new StringBuffer();

  /** Serves a connection, which is closed afterwards. */
  @FunctionalInterface
  public interface Script {
    /** Does it. */
    void run(OutputStream out) throws IOException;
  }

  /** Listens at this address, on any port. */
  public ScriptedServer(String address, Script script) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getByName(address));
    Thread thread = new Thread(() -> serve(script), "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  /** Answers so, and closes. */
  public static Script answer(String head, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    String answer = head + "\r\nContent-Length: " + length + "\r\n\r\n" + body;
    return out -> out.write(answer.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends this again and again, as long as somebody takes it. */
  public static Script endless(String head, byte[] block) {
    return out -> {
      out.write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      while (true) {
        out.write(block);
      }
    };
  }

  private void serve(Script script) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          int c = socket.getInputStream().read();
          if (c < 0) {
            break;
          }
          head.append((char) c);
        }
        received.append(head);
        script.run(socket.getOutputStream());
      } catch (IOException e) {
        // The client has gone, or the test is over.
      }
    }
  }

  /** All requests so far. */
  public String received() {
    return received.toString();
  }

  /** Where it listens. */
  public int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
