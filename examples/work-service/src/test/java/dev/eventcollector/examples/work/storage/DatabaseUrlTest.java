package dev.eventcollector.examples.work.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

  @Test
  void should_take_url_apart_when_it_is_complete() {
    assertThat(DatabaseUrl.parse("postgres://me:s%40cret+@db.local:5433/works?sslmode=require"))
        .isEqualTo(
            new DatabaseUrl(
                "jdbc:postgresql://db.local:5433/works?sslmode=require", "me", "s@cret+"));
  }

  @Test
  void should_use_default_port_when_url_has_none() {
    assertThat(DatabaseUrl.parse("postgresql://db.local/works"))
        .isEqualTo(new DatabaseUrl("jdbc:postgresql://db.local:5432/works", null, null));
  }

  /** As containers have, and java.net.URI finds no host in (CompreFace 912, r2dbc-mysql 255). */
  @Test
  void should_find_the_host_when_it_has_an_underscore() {
    assertThat(DatabaseUrl.parse("postgres://me:s:cret@works_db:5433/works"))
        .isEqualTo(new DatabaseUrl("jdbc:postgresql://works_db:5433/works", "me", "s:cret"));
  }

  @Test
  void should_keep_the_brackets_when_the_host_is_an_ipv6_address() {
    assertThat(DatabaseUrl.parse("postgres://me@[::1]/works"))
        .isEqualTo(new DatabaseUrl("jdbc:postgresql://[::1]:5432/works", "me", null));
  }

  @Test
  void should_not_show_password_when_printed() {
    assertThat(DatabaseUrl.parse("postgres://me:secret@db.local/works?password=secret"))
        .hasToString("postgresql://db.local:5432/works");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "http://me:secret@db/works",
        "postgres://me:secret@db",
        "postgres:///secret",
        "postgres://me:secret@:5432/works",
        "postgres://me:secret@works_db:70000/works",
        "postgres://me:secret@works_db:secret/works",
        "postgres://me:sec@ret@works_db/secret",
        "postgres://me:sec ret@db/works"
      })
  void should_refuse_without_showing_it_when_it_is_no_postgres_url(String text) {
    assertThatThrownBy(() -> DatabaseUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("postgres://")
        .hasMessageNotContaining("secret");
  }
}
