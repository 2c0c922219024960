package dev.eventcollector.examples.handbook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Counts the habits that make a text read like a translation: clauses as subjects ("What was
 * published is confirmed"), long sentences, long lines. Code is left out.
 */
class PlainEnglishTest {

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final int LONGEST_LINE = 120;
  private static final int LONGEST_SENTENCE = 40;
  private static final int LONG_SENTENCE = 30;
  private static final Pattern CODE = Pattern.compile("```.*?```", Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z'-]*");
  private static final Pattern CLAUSE =
      Pattern.compile("\\b(?:what|who|whatever|whoever)\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern END_OF_SENTENCE =
      Pattern.compile("(?<=[.!?:;])\\s+|\\n\\s*\\n|\\n\\s*(?:[-*]|\\d+\\.) |\\||@\\w+ ");
  private static final Pattern JAVADOC = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);

  static Stream<Path> documents() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.list(ROOT.resolve("docs"));
        Stream<Path> decisions = Files.list(ROOT.resolve("docs/decisions"));
        Stream<Path> examples = Files.list(ROOT.resolve("examples"))) {
      return Stream.of(top, docs, decisions, examples.map(app -> app.resolve("README.md")))
          .flatMap(paths -> paths)
          .filter(path -> path.toString().endsWith(".md") && Files.exists(path))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void should_have_short_lines_when_it_is_no_table(Path document) throws IOException {
    assertThat(CODE.matcher(Files.readString(document)).replaceAll("").lines())
        .filteredOn(line -> line.length() > LONGEST_LINE)
        .filteredOn(
            line -> !line.startsWith("|") && !line.startsWith("<!--") && !line.contains("]("))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void should_name_things_when_a_document_speaks_of_them(Path document) throws IOException {
    String text = withoutCode(Files.readString(document));

    assertThat(clausesPerThousandWords(text)).as("what, who per 1,000 words").isLessThan(8);
    assertThat(sentencesOver(LONGEST_SENTENCE, text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"core", "rabbitmq", "servlet", "testkit"})
  void should_name_things_when_javadoc_speaks_of_them(String module) throws IOException {
    String text = javadocOf(ROOT.resolve("event-collector-" + module + "/src/main/java"));

    assertThat(clausesPerThousandWords(text)).as("what, who per 1,000 words").isLessThan(5);
    assertThat(1_000.0 * sentencesOver(LONG_SENTENCE, text).size() / words(text))
        .as("long sentences per 1,000 words")
        .isLessThan(4);
  }

  private static String withoutCode(String markdown) {
    return CODE.matcher(markdown)
        .replaceAll("")
        .replaceAll("(?s)<!--.*?-->", "")
        .replaceAll("\\| [^|?]*\\? \\|", "| |") // a question may ask what
        .replaceAll("`[^`]*`", "x")
        .replaceAll("\\]\\([^)]*\\)", "]");
  }

  private static String javadocOf(Path sources) throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .flatMap(file -> JAVADOC.matcher(read(file)).results())
          .map(comment -> comment.group(1).replaceAll("(?m)^\\s*\\* ?", ""))
          .map(comment -> comment.replaceAll("(?s)<pre>.*?</pre>", ""))
          .map(comment -> comment.replaceAll("\\{@\\w+[^}]*\\}", "x"))
          .collect(Collectors.joining("\n\n"));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double clausesPerThousandWords(String text) {
    return 1_000.0 * CLAUSE.matcher(text).results().count() / Math.max(400, words(text));
  }

  private static long words(String text) {
    return WORD.matcher(text).results().count();
  }

  private static List<String> sentencesOver(int words, String text) {
    return END_OF_SENTENCE
        .splitAsStream(text)
        .map(sentence -> sentence.replaceAll("\\s+", " ").strip())
        .filter(sentence -> words(sentence) > words)
        .toList();
  }
}
