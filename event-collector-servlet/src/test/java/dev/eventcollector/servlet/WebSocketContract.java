package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Outcome;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * WebSocket endpoints, by the containers' own implementations, that are reached through filters.
 */
interface WebSocketContract extends Contract {

  /** The filter is in front of one that enqueues, and both in front of the endpoint. */
  private void deploy(Mode mode) {
    world()
        .deploy(
            context -> {
              world().addFilter(context, EventPublishingFilter.builder().mode(mode));
              WebApps.addFilter(
                  context,
                  "enqueue",
                  (request, response, chain) -> {
                    world().enqueue("handshake");
                    chain.doFilter(request, response);
                  },
                  EnumSet.of(DispatcherType.REQUEST));
              world().addWebSocket(context, "/socket", this::answer);
              // Tomcat calls filters only where a servlet is mapped.
              WebApps.addServlet(context, "/", (request, response) -> response.sendError(404));
            });
  }

  /** No unit is left on the thread, and the message has one of its own. */
  private String answer(String text) {
    int left = world().collector.eventsToPublish().size();
    try (UnitOfWork unit = world().collector.unitsOfWork().begin();
        UnitOfWork.Binding bound = unit.bind()) {
      world().enqueue(text);
      unit.publish();
    }
    return text.toUpperCase(Locale.ROOT) + " " + left;
  }

  @ParameterizedTest
  @CsvSource({"true, KEEP", "true, REQUIRE", "false, KEEP", "false, REQUIRE"})
  default void should_publish_at_the_handshake_and_talk_until_the_socket_is_closed_trap_68(
      boolean confirmed, Mode mode) throws Exception {
    if (!confirmed) {
      world().publisher.answerWith(Outcome.notSent("down"));
    }
    deploy(mode);
    Received received = new Received();

    WebSocket socket =
        World.CLIENT
            .newWebSocketBuilder()
            .buildAsync(
                URI.create(world().uri("/socket").toString().replaceFirst("http", "ws")), received)
            .get(60, TimeUnit.SECONDS);
    await().until(() -> world().collector.state().collected() == 0);

    assertThat(world().publisher.published())
        .isEqualTo(confirmed ? List.of("handshake") : List.of());
    assertThat(world().collector.state().owed()).isEqualTo(confirmed ? 0 : 1);

    world().publisher.answerWith(Outcome.confirmed());
    for (String text : List.of("hello", "again")) {
      socket.sendText(text, true).get(60, TimeUnit.SECONDS);
    }
    await().until(() -> received.texts.size() == 2);
    assertThat(received.texts).containsExactly("HELLO 0", "AGAIN 0");
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(60, TimeUnit.SECONDS);
    await().until(() -> received.texts.size() == 3);
    assertThat(received.texts).last().isEqualTo("closed with 1000");
    assertThat(world().publishedOf(3)).containsExactly("handshake", "hello", "again");
  }

  @Test
  default void should_drop_the_events_of_a_handshake_that_is_refused() throws IOException {
    deploy(Mode.KEEP);

    String answer =
        RawHttp.exchange(
            world().port(),
            "GET",
            world().uri("/socket").getPath(),
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 4");
    assertThat(world().publishedOf(1)).isEmpty();
  }

  /** The texts that the client receives. */
  final class Received implements WebSocket.Listener {
    private final List<String> texts = new CopyOnWriteArrayList<>();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      texts.add(text.toString());
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      texts.add("closed with " + status);
      return null;
    }
  }
}
