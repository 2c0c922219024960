package dev.eventcollector.examples.handbook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Code in the documents is a region of a file of this repository: the lines between {@code
 * tag::name} and {@code end::name}. With {@code -Ddocuments.update} they are brought up to date.
 */
class DocumentsTest {

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  private static final Pattern BLOCK =
      Pattern.compile(
          "(?:^<!-- from: (\\S+)#(\\S+) -->\\n)?^```(?:java|kotlin|xml)\\n(.*?)^```$",
          Pattern.MULTILINE | Pattern.DOTALL);

  static Stream<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(
              Stream.of("README.md", "ARCHITECTURE.md", "SECURITY.md").map(ROOT::resolve),
              docs.toList().stream())
          .filter(path -> path.toString().endsWith(".md"));
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void should_show_code_of_this_repository_when_a_document_has_code(Path document)
      throws IOException {
    String text = Files.readString(document);

    String expected = BLOCK.matcher(text).replaceAll(DocumentsTest::withCode);

    if (System.getProperty("documents.update") != null) {
      Files.writeString(document, expected);
    } else {
      assertThat(text).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void should_name_tests_that_exist_when_a_document_names_some(Path document) throws IOException {
    Set<String> named =
        Pattern.compile("`([A-Z]\\w+(?:Test|Contract))\\b")
            .matcher(Files.readString(document))
            .results()
            .map(result -> result.group(1))
            .collect(Collectors.toSet());

    assertThat(tests()).containsAll(named);
  }

  private static Set<String> tests() throws IOException {
    Set<String> names = new HashSet<>();
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> examples = Files.list(ROOT.resolve("examples"))) {
      List<Path> sources =
          Stream.concat(top, examples)
              .map(module -> module.resolve("src/test/java"))
              .filter(Files::isDirectory)
              .toList();
      for (Path source : sources) {
        try (Stream<Path> files = Files.walk(source)) {
          files.forEach(file -> names.add(file.getFileName().toString().replace(".java", "")));
        }
      }
    }
    return names;
  }

  private static String withCode(MatchResult block) {
    assertThat(block.group(1))
        .as("a line <!-- from: path#region --> before this block: %s", block.group())
        .isNotNull();
    String shown = block.group();
    return Matcher.quoteReplacement(
        shown.substring(0, block.start(3) - block.start())
            + region(block.group(1), block.group(2))
            + "```");
  }

  private static String region(String path, String name) {
    List<String> lines = lines(path);
    int first = lineOf(lines, path, "tag::" + name);
    int end = lineOf(lines, path, "end::" + name);
    String region =
        String.join(
            "\n", lines.subList(first + 1, end).stream().filter(line -> !isMarker(line)).toList());
    return region.stripTrailing().stripIndent().strip() + "\n";
  }

  private static boolean isMarker(String line) {
    return line.matches("\\s*(//|<!--) (tag|end)::\\S+( -->)?");
  }

  private static int lineOf(List<String> lines, String path, String marker) {
    List<String> found =
        lines.stream()
            .filter(line -> isMarker(line) && line.matches(".* " + marker + "( -->)?"))
            .toList();
    assertThat(found).as("lines of %s with the marker %s", path, marker).hasSize(1);
    return lines.indexOf(found.get(0));
  }

  private static List<String> lines(String path) {
    try {
      return Files.readAllLines(ROOT.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
