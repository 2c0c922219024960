import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A sink that costs little: {@code java Sink.java PORT [MILLISECONDS PER POST]}. */
class Sink {

  private static final byte[] OK =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  public static void main(String[] arguments) throws IOException {
    int millis = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
    try (ServerSocket server =
        new ServerSocket(Integer.parseInt(arguments[0]), 50, InetAddress.getLoopbackAddress())) {
      while (true) {
        Socket socket = server.accept();
        new Thread(() -> serve(socket, millis)).start();
      }
    }
  }

  private static void serve(Socket socket, int millis) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      StringBuilder line = new StringBuilder();
      int length = 0;
      for (int c = in.read(); c >= 0; c = in.read()) {
        if (c != '\n') {
          line.append((char) c);
          continue;
        }
        String text = line.toString().trim().toLowerCase();
        line.setLength(0);
        if (text.startsWith("content-length:")) {
          length = Integer.parseInt(text.substring(15).trim());
        } else if (text.isEmpty()) {
          in.skipNBytes(length);
          if (millis > 0) {
            Thread.sleep(millis);
          }
          socket.getOutputStream().write(OK);
        }
      }
    } catch (IOException | InterruptedException e) {
      // the forwarder has gone
    }
  }
}
