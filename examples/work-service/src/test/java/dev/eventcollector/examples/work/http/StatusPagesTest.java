package dev.eventcollector.examples.work.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusPagesTest {

  private final StatusPages pages = new StatusPages();

  private Answer get(String path) {
    return Objects.requireNonNull(pages.answer("GET", path));
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @Test
  void should_be_up_and_not_ready_when_program_is_starting() {
    assertThat(get("/healthz").status()).isEqualTo(200);
    assertThat(get("/readyz").status()).isEqualTo(503);
    assertThat(text(get("/readyz"))).contains("still starting");
  }

  @Test
  void should_follow_its_parts_when_they_come_and_go() {
    AtomicReference<@Nullable String> database = new AtomicReference<>();
    AtomicReference<@Nullable String> broker = new AtomicReference<>();
    pages.readyWhenWell(List.of(database::get, broker::get));
    assertThat(get("/readyz").status()).isEqualTo(200);

    database.set("database: away");
    broker.set("broker: away");
    assertThat(get("/readyz").status()).isEqualTo(503);
    assertThat(text(get("/readyz"))).contains("database: away; broker: away");

    database.set(null);
    broker.set(null);
    assertThat(get("/readyz").status()).isEqualTo(200);
  }

  @Test
  void should_not_be_ready_when_program_is_ending() {
    pages.readyWhenWell(List.of());
    pages.ending();

    assertThat(get("/readyz").status()).isEqualTo(503);
    assertThat(get("/healthz").status()).isEqualTo(200);
  }

  @Test
  void should_show_counters_when_asked_for_metrics() {
    pages.metrics().counter("works.done", "outcome", "right").increment();

    assertThat(text(get("/metrics"))).contains("works_done_total{outcome=\"right\"} 1.0");
  }

  @Test
  void should_have_no_other_page_and_take_no_other_method() {
    assertThat(pages.answer("GET", "/")).isNull();
    assertThat(pages.answer("POST", "/metrics")).extracting(Answer::status).isEqualTo(405);
  }
}
