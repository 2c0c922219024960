package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Outcome;
import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Filters that change bodies, in front of this one and behind it. */
interface OtherFiltersContract extends Contract {

  /** Where the other filter is in the chain. */
  enum Place {
    IN_FRONT,
    BEHIND,
    BOTH
  }

  private void deploy(
      EventPublishingFilterBuilder filter, Filter other, Place place, WebApps.Work work) {
    EnumSet<DispatcherType> types = EnumSet.of(DispatcherType.REQUEST);
    world()
        .deploy(
            context -> {
              if (place != Place.BEHIND) {
                WebApps.addFilter(context, "front", other, types);
              }
              world().addFilter(context, filter);
              if (place != Place.IN_FRONT) {
                WebApps.addFilter(context, "behind", other, types);
              }
              WebApps.addServlet(context, "/*", work);
            });
  }

  private HttpResponse<byte[]> post(String body) throws IOException, InterruptedException {
    return World.CLIENT.send(
        HttpRequest.newBuilder(world().uri("/")).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofByteArray());
  }

  @ParameterizedTest
  @CsvSource({
    "IN_FRONT, 10", "IN_FRONT, 100000", "IN_FRONT, 3000000",
    "BEHIND, 10", "BEHIND, 100000", "BEHIND, 3000000",
  })
  default void should_publish_before_a_compressed_body_is_sent(Place place, int size)
      throws Exception {
    String text = "some text, ".repeat(size / 10);
    deploy(
        EventPublishingFilter.builder(),
        new GzipFilter(),
        place,
        (request, response) -> {
          world().enqueue("event");
          response.setContentLength(text.length());
          response.getWriter().print(text);
        });

    HttpResponse<byte[]> response = post("");

    assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
    byte[] body = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
    assertThat(new String(body, StandardCharsets.UTF_8)).isEqualTo(text);
    assertThat(world().publisher.chunks()).containsExactly(List.of("event"));
  }

  @ParameterizedTest
  @EnumSource
  default void should_answer_503_when_events_are_not_confirmed_and_the_body_is_compressed(
      Place place) throws Exception {
    world().publisher.answerWith(Outcome.notSent("down"));
    deploy(
        EventPublishingFilter.builder().mode(Mode.REQUIRE),
        new GzipFilter(),
        place,
        (request, response) -> {
          world().enqueue("event");
          response.getWriter().print("written");
          response.flushBuffer();
          response.getWriter().print("written");
        });

    HttpResponse<byte[]> response = post("");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(new String(response.body(), StandardCharsets.UTF_8)).doesNotContain("written");
  }

  @ParameterizedTest
  @EnumSource
  default void should_publish_when_bodies_are_cached(Place place) throws Exception {
    deploy(
        EventPublishingFilter.builder(),
        new CachingFilter(),
        place,
        (request, response) -> {
          world().enqueue(request.getReader().readLine());
          response.getWriter().print("answer");
          response.flushBuffer();
        });

    HttpResponse<byte[]> response = post("question");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(world().publishedOf(1)).containsExactly("question");
  }

  @ParameterizedTest
  @EnumSource
  default void should_answer_503_when_events_are_not_confirmed_and_bodies_are_cached(Place place)
      throws Exception {
    world().publisher.answerWith(Outcome.notSent("down"));
    deploy(
        EventPublishingFilter.builder().mode(Mode.REQUIRE),
        new CachingFilter(),
        place,
        (request, response) -> {
          world().enqueue("event");
          response.getOutputStream().print("answer");
        });

    HttpResponse<byte[]> response = post("question");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("10");
    assertThat(new String(response.body(), StandardCharsets.UTF_8)).doesNotContain("answer");
  }
}
