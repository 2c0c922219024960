package dev.eventcollector.examples.forwarder;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A sink on a real socket, which does what a test tells it to, the worst included. */
public final class TestSink implements AutoCloseable {

  /** A request as it came. */
  public record Received(String line, Map<String, String> headers, byte[] body, long nanoTime) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** Answers a request. False: close the connection. */
  public interface Reply {
    boolean to(Socket socket) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final Queue<Reply> script = new ConcurrentLinkedQueue<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile Function<Received, Reply> otherwise = request -> status(200);

  public TestSink() throws IOException {
    this(0);
  }

  public TestSink(int port) throws IOException {
    server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  public static Reply status(int status, String... headers) {
    StringBuilder answer = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
    for (String header : headers) {
      answer.append(header).append("\r\n");
    }
    answer.append("Content-Length: 0\r\n\r\n");
    return raw(answer.toString(), true);
  }

  /** These very bytes; then the connection goes on, or is closed. */
  public static Reply raw(String answer, boolean goesOn) {
    return socket -> {
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return goesOn;
    };
  }

  /** These bytes, then a TCP reset. */
  public static Reply reset(String answer) {
    return socket -> {
      raw(answer, true).to(socket);
      socket.setSoLinger(true, 0);
      return false;
    };
  }

  /** Answers once the latch is open. */
  public static Reply after(CountDownLatch latch, Reply reply) {
    return socket -> {
      latch.await();
      return reply.to(socket);
    };
  }

  /** Never answers. */
  public static Reply hang() {
    return after(new CountDownLatch(1), status(200));
  }

  public TestSink then(Reply... replies) {
    script.addAll(List.of(replies));
    return this;
  }

  public TestSink otherwise(Reply reply) {
    return choose(request -> reply);
  }

  /** Chooses by the request. */
  public TestSink choose(Function<Received, Reply> choice) {
    otherwise = choice;
    return this;
  }

  public String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/hook?key=secret";
  }

  public int port() {
    return server.getLocalPort();
  }

  public List<Received> received() {
    return received;
  }

  public List<String> bodies() {
    return received.stream().map(Received::text).toList();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      boolean goesOn = true;
      while (goesOn) {
        Received request = read(in);
        if (request == null) {
          return;
        }
        received.add(request);
        Reply next = script.poll();
        goesOn = (next == null ? otherwise.apply(request) : next).to(socket);
      }
    } catch (IOException e) {
      // the other side went away
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static @Nullable Received read(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c != '\n') {
        line.write(c);
        continue;
      }
      String text = line.toString(StandardCharsets.ISO_8859_1).trim();
      line.reset();
      if (!text.isEmpty()) {
        lines.add(text);
        continue;
      }
      Map<String, String> headers = new TreeMap<>();
      for (String header : lines.subList(1, lines.size())) {
        int colon = header.indexOf(':');
        headers.put(
            header.substring(0, colon).toLowerCase(Locale.ROOT),
            header.substring(colon + 1).trim());
      }
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      return new Received(lines.get(0), headers, in.readNBytes(length), System.nanoTime());
    }
    return null;
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "test-sink");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
