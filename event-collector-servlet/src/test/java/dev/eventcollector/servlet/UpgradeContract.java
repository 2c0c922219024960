package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Outcome;
import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that upgrade their connection. */
interface UpgradeContract extends Contract {

  /** Jetty's Servlet 6.0 answers, but calls no read listener, with a filter and without one. */
  default boolean talksAfterUpgrade() {
    return true;
  }

  @ParameterizedTest
  @CsvSource({
    "true, KEEP, true", "true, REQUIRE, true", "false, KEEP, true", "false, REQUIRE, true",
    "true, KEEP, false", "true, REQUIRE, false", "false, KEEP, false", "false, REQUIRE, false"
  })
  default void should_publish_when_the_connection_is_upgraded_not_when_it_ends_trap_68(
      boolean confirmed, Mode mode, boolean wrapped) throws Exception {
    if (!confirmed) {
      world().publisher.answerWith(Outcome.notSent("down"));
    }
    world()
        .serve(
            EventPublishingFilter.builder().mode(mode),
            (request, response) -> {
              world().enqueue("event");
              response.setStatus(HttpServletResponse.SC_SWITCHING_PROTOCOLS);
              response.setHeader("Connection", "Upgrade");
              response.setHeader("Upgrade", "echo");
              if (wrapped) {
                request.upgrade(Echo.class);
              } else { // as Tomcat's WebSocket does
                ((HttpServletRequest) OpenUnits.original(request)).upgrade(Echo.class);
              }
            });

    try (Socket socket = new Socket("127.0.0.1", world().port())) {
      socket.setSoTimeout(10_000);
      String head =
          "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"
              .formatted(world().uri("/").getPath());
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      assertThat(readUntil(socket.getInputStream(), "\r\n\r\n")).startsWith("HTTP/1.1 101");
      await().until(() -> world().collector.state().collected() == 0);
      assertThat(world().publisher.published()).hasSize(confirmed ? 1 : 0);
      assertThat(world().collector.state().owed()).isEqualTo(confirmed ? 0 : 1);
      if (talksAfterUpgrade()) {
        socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(readUntil(socket.getInputStream(), "\n")).isEqualTo("HELLO\n");
      }
    }
  }

  private static String readUntil(InputStream in, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(end) < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("closed after " + read);
      }
      read.append((char) b);
    }
    return read.toString();
  }

  /** Answers a line in capital letters. */
  final class Echo implements HttpUpgradeHandler {

    /** Made by the container. */
    public Echo() {}

    @Override
    public void init(WebConnection connection) {
      try {
        ServletInputStream in = connection.getInputStream();
        in.setReadListener(new Line(in, connection));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void destroy() {}
  }

  /** Reads it. */
  record Line(ServletInputStream in, WebConnection connection) implements ReadListener {

    @Override
    public void onDataAvailable() throws IOException {
      while (in.isReady()) {
        int b = in.read();
        if (b < 0) {
          return;
        }
        connection.getOutputStream().write(Character.toUpperCase(b));
        if (b == '\n') {
          connection.getOutputStream().flush();
        }
      }
    }

    @Override
    public void onAllDataRead() {}

    @Override
    public void onError(Throwable thrown) {}
  }
}
