package dev.eventcollector.examples.handbook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents about a release are true, and the site has all of them. */
class ReleaseTest {

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_count_as_much_as_the_page_says_when_it_shows_figures(@TempDir Path folder)
      throws Exception {
    Map<String, Integer> shown = figures(read("docs/deciding.md"));

    Map<String, Integer> counted = figures(output(folder, ".ci/figures"));

    assertThat(counted.keySet()).containsExactlyElementsOf(shown.keySet());
    shown.forEach(
        (name, figure) ->
            assertThat(counted.get(name))
                .as("%s: bring docs/deciding.md up to date", name)
                .isBetween(figure, figure * 5 / 4));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_change_each_version_and_no_other_when_a_release_is_made(@TempDir Path folder)
      throws Exception {
    List<String> changed = List.of("pom.xml", "examples/consumer-project/pom.xml", "README.md");
    Stream<String> others = Stream.of("docs/spring-boot.md", "CHANGELOG.md", ".ci/set-version");
    for (String file : Stream.concat(changed.stream(), others).toList()) {
      Path copy = Files.createDirectories(folder.resolve(file).getParent());
      Files.copy(ROOT.resolve(file), copy.resolve(ROOT.resolve(file).getFileName()));
    }

    output(folder, ".ci/set-version", "47.11.0");

    for (String file : changed) {
      assertThat(folder.resolve(file)).content().contains("<version>47.11.0</version>");
      assertThat(folder.resolve(file)).content().doesNotContain("SNAPSHOT</version>");
      assertThat(Files.readAllLines(folder.resolve(file)))
          .filteredOn(line -> !line.contains("47.11.0") && !line.contains("outputTimestamp"))
          .isSubsetOf(Files.readAllLines(ROOT.resolve(file)));
    }
    assertThat(folder.resolve("docs/spring-boot.md")).content().contains("is `47.11.0`;");
    assertThat(folder.resolve("pom.xml"))
        .content()
        .containsPattern("<project.build.outputTimestamp>[0-9-]{10}T00:00:00Z</project");
    assertThat(folder.resolve("CHANGELOG.md")).content().doesNotContain("## Unreleased");
  }

  @ParameterizedTest
  @ValueSource(strings = {"core", "rabbitmq", "servlet", "testkit"})
  void should_tell_the_stability_of_each_public_package(String module) throws IOException {
    String table = read("docs/upgrading.md");
    Path sources = ROOT.resolve("event-collector-" + module + "/src/main/java");

    try (Stream<Path> files = Files.walk(sources)) {
      List<String> packages =
          files
              .filter(file -> file.endsWith("package-info.java"))
              .map(file -> sources.relativize(file.getParent()).toString().replace('/', '.'))
              .toList();
      assertThat(packages).isNotEmpty().allSatisfy(one -> assertThat(table).contains("`" + one));
    }
  }

  @Test
  void should_be_in_the_sidebar_when_a_document_is_there() throws IOException {
    String sidebar = read("docs/site/.vitepress/config.mjs");

    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      assertThat(docs.map(path -> path.getFileName().toString()))
          .filteredOn(name -> name.endsWith(".md"))
          .allSatisfy(
              name -> assertThat(sidebar).contains("'docs/" + name.replace(".md", "") + "'"));
    }
  }

  @Test
  void should_name_no_host_when_versions_of_the_site_s_tools_are_locked() throws IOException {
    assertThat(read("docs/site/package-lock.json"))
        .contains("integrity")
        .doesNotContain("resolved");
  }

  private static Map<String, Integer> figures(String text) {
    return Pattern.compile("^(\\w.{51}) +(\\d+)$", Pattern.MULTILINE)
        .matcher(text)
        .results()
        .collect(
            Collectors.toMap(
                result -> result.group(1).strip(),
                result -> Integer.parseInt(result.group(2)),
                (first, second) -> second,
                LinkedHashMap::new));
  }

  private static String output(Path folder, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", ".txt");
    Path where = Files.exists(folder.resolve(command[0])) ? folder : ROOT;
    Process process =
        new ProcessBuilder(command)
            .directory(where.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    return Files.readString(output);
  }

  private static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }
}
