package dev.eventcollector.examples.forwarder.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("spool");
  }

  @Test
  void should_give_records_back_in_order_when_it_was_closed_and_opened() throws IOException {
    try (Spool spool = open()) {
      append(spool, "a", "b");
      append(spool, "c");
    }

    try (Spool spool = open()) {
      assertThat(spool.size()).isEqualTo(3);
      assertThat(texts(spool.oldest(2, 1_000))).containsExactly("a", "b");
      assertThat(texts(spool.oldest(9, 3))).containsExactly("a", "b");
    }
  }

  @Test
  void should_keep_a_record_on_one_line_when_it_has_line_breaks() throws IOException {
    try (Spool spool = open()) {
      append(spool, "{\r\n}");

      assertThat(texts(spool.oldest(1, 1_000))).containsExactly("{  }");
    }
  }

  @Test
  void should_forget_only_forwarded_records_when_it_is_closed() throws IOException {
    try (Spool spool = open()) {
      append(spool, "a", "b", "c");
      spool.replace(spool.oldest(2, 1_000), List.of());
      append(spool, "d");
      assertThat(texts(spool.oldest(9, 1_000))).containsExactly("c", "d");
    }

    assertThat(Files.readString(file)).isEqualTo("c\nd\n");
  }

  @Test
  void should_be_empty_when_all_is_forwarded() throws IOException {
    try (Spool spool = open()) {
      append(spool, "a");
      spool.replace(spool.oldest(9, 1_000), List.of());

      assertThat(spool.size()).isZero();
      assertThat(file).isEmptyFile();
    }
  }

  @Test
  void should_cut_off_a_last_line_when_it_is_not_complete() throws IOException {
    Files.writeString(file, "a\nb\n{\"user");

    try (Spool spool = open()) {
      assertThat(spool.size()).isEqualTo(2);
      append(spool, "c");
    }

    assertThat(Files.readString(file)).isEqualTo("a\nb\nc\n");
  }

  @Test
  void should_read_records_that_are_longer_than_a_block() throws IOException {
    String large = "x".repeat(200_000);
    try (Spool spool = open()) {
      append(spool, "a", large, "b");

      assertThat(texts(spool.oldest(9, 1_000_000))).containsExactly("a", large, "b");
    }
  }

  @Test
  void should_write_and_stay_open_when_the_thread_is_interrupted() throws IOException {
    try (Spool spool = open()) {
      Thread.currentThread().interrupt();
      append(spool, "a");

      assertThat(Thread.interrupted()).isTrue();
      assertThat(texts(spool.oldest(1, 1_000))).containsExactly("a");
    }
  }

  @Test
  void should_refuse_a_file_when_it_is_in_use() throws IOException {
    try (Spool spool = open()) {
      assertThatIOException().isThrownBy(this::open).withMessageContaining("uses it");
    }
  }

  private Spool open() throws IOException {
    return Spool.open(file, line -> true);
  }

  private static void append(Spool spool, String... texts) throws IOException {
    for (String text : texts) {
      spool.append(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static List<String> texts(List<byte[]> records) {
    return records.stream().map(body -> new String(body, StandardCharsets.UTF_8)).toList();
  }
}
