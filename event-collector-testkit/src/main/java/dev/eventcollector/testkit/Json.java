package dev.eventcollector.testkit;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static net.javacrumbs.jsonunit.assertj.JsonAssertions.value;

import java.nio.charset.StandardCharsets;
import net.javacrumbs.jsonunit.core.Option;
import org.jspecify.annotations.Nullable;

/** Isolates the JSON library, so that the rest works without it. */
final class Json {

  private Json() {}

  static void requireSubset(byte[] body, String expected) {
    assertThatJson(text(body)).when(Option.IGNORING_EXTRA_FIELDS).isEqualTo(expected);
  }

  static void requireAt(byte[] body, String path, @Nullable Object expected) {
    if (expected == null) {
      assertThatJson(text(body)).inPath(path).isNull();
    } else {
      assertThatJson(text(body)).inPath(path).isEqualTo(value(expected));
    }
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }
}
