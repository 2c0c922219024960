package dev.eventcollector.examples.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Packages that need each other would be one room with two names. */
class RoomsTest {

  private static final Path SOURCES =
      Path.of("src", "main", "java").resolve(RoomsTest.class.getPackageName().replace('.', '/'));
  private static final Pattern IMPORT =
      Pattern.compile(
          "^import (?:static )?"
              + Pattern.quote(RoomsTest.class.getPackageName())
              + "\\.([a-z]+)\\.",
          Pattern.MULTILINE);

  @Test
  void should_depend_in_one_direction_only_when_a_package_uses_another() throws IOException {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (Path room : list(SOURCES)) {
      if (Files.isDirectory(room)) {
        uses.put(room.getFileName().toString(), used(room));
      }
    }
    assertThat(uses).containsKeys("http", "workflows", "page");
    boolean removed = true;
    while (removed) { // those that use nothing that is left
      removed =
          uses.entrySet()
              .removeIf(
                  room -> room.getValue().stream().noneMatch(other -> uses.containsKey(other)));
    }
    assertThat(uses).as("packages that use each other").isEmpty();
  }

  private static Set<String> used(Path room) throws IOException {
    Set<String> used = new TreeSet<>();
    for (Path file : list(room)) {
      IMPORT.matcher(Files.readString(file)).results().map(RoomsTest::room).forEach(used::add);
    }
    used.remove(room.getFileName().toString());
    return used;
  }

  private static String room(MatchResult found) {
    return found.group(1);
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
