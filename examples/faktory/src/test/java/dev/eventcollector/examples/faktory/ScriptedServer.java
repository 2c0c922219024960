package dev.eventcollector.examples.faktory;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Greets as it should, and then answers what a test wants, or not at all. */
final class ScriptedServer implements AutoCloseable {

  static final String MUTE = "mute";
  static final String CLOSE = "close";
  static final String OK = "+OK\r\n";

  final List<String> commands = new CopyOnWriteArrayList<>();
  private final ServerSocket server;
  private final @Nullable String greeting;
  private final boolean reads;
  private final Function<String, String> answers;
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  private ScriptedServer(
      @Nullable String greeting, boolean reads, Function<String, String> answers) {
    this.greeting = greeting;
    this.reads = reads;
    this.answers = answers;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    DaemonThreads.named("scripted-accept").newThread(this::accept).start();
  }

  /** Answers each command after {@code HELLO} as the function says; {@link #CLOSE} closes. */
  static ScriptedServer answering(Function<String, String> answers) {
    return new ScriptedServer("+HI {\"v\":2}\r\n", true, answers);
  }

  /** Greets like this, and takes any {@code HELLO}; null for not at all. */
  static ScriptedServer greeting(@Nullable String greeting) {
    return new ScriptedServer(greeting, true, command -> OK);
  }

  /** Reads nothing after {@code HELLO}. */
  static ScriptedServer thatDoesNotRead() {
    return new ScriptedServer("+HI {\"v\":2}\r\n", false, command -> OK);
  }

  String url() {
    return "tcp://localhost:" + server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        DaemonThreads.named("scripted").newThread(() -> serve(socket)).start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      if (greeting == null) {
        end.await();
        return;
      }
      write(out, greeting);
      commands.add(line(in));
      write(out, OK);
      if (!reads) {
        end.await();
      }
      for (String command = line(in); !command.isEmpty(); command = line(in)) {
        commands.add(command);
        String answer = answers.apply(command);
        if (answer.startsWith(CLOSE)) {
          write(out, answer.substring(CLOSE.length()));
          return;
        }
        write(out, answer.equals(MUTE) ? "" : answer);
      }
    } catch (IOException | InterruptedException e) {
      // The client is gone.
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }

  long count(String verb) {
    return commands.stream().filter(command -> command.startsWith(verb + " ")).count();
  }

  @Override
  public void close() throws IOException {
    end.countDown();
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
