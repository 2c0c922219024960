package dev.eventcollector.examples.handbook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** CI runs the commands in the documents, and the tags of the tests. */
class ContinuousIntegrationTest {

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  @Test
  void should_run_the_commands_of_the_readme_when_it_decides_whether_a_change_lands()
      throws IOException {
    List<String> ofReadme =
        matches("^```shell\\n(.*?)^```$", read("README.md")).flatMap(String::lines).toList();

    List<String> run = matches("^from_readme '(.*?)'$", read(".ci/run")).toList();

    assertThat(run).containsExactlyInAnyOrderElementsOf(ofReadme);
  }

  @Test
  void should_name_tags_that_tests_carry_when_a_profile_or_an_exclusion_names_some()
      throws IOException {
    String pom = read("pom.xml");
    Set<String> named =
        Stream.concat(
                matches("<groups>(.*?)</groups>", pom),
                matches("<excludedGroups>(.*?)</excludedGroups>", pom))
            .flatMap(tags -> Stream.of(tags.split(",")))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(tags()).containsAll(named);
  }

  @Test
  void should_carry_its_need_as_a_tag_when_a_test_names_its_broker() throws IOException {
    for (String source : testSources()) {
      if (source.contains("\n@WithBroker(BrokerKind.AMQP_URI)")) {
        assertThat(source).contains("@Tag(\"needs-amqp-uri\")");
      }
      if (source.contains("\n@WithBroker(BrokerKind.TESTCONTAINERS)")) {
        assertThat(source).contains("@Tag(\"needs-docker\")");
      }
    }
  }

  @Test
  void should_name_profiles_that_there_are_when_a_script_or_a_document_names_some()
      throws IOException {
    Set<String> profiles =
        matches("<profile>\\s*(?:<!--.*?-->\\s*)?<id>(.*?)</id>", read("pom.xml"))
            .collect(Collectors.toSet());
    for (String file :
        List.of(".ci/run", ".ci/contracts-and-soaks", ".ci/nightly", "CONTRIBUTING.md")) {
      assertThat(matches("\\s-P([a-z][\\w-]+)", read(file)))
          .as(file)
          .isNotEmpty()
          .allMatch(profiles::contains);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_list_the_left_out_tests_and_the_reasons_when_the_machine_lacks_something(
      @TempDir Path folder) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                ".mvn/LeftOut.java")
            .directory(ROOT.toFile())
            .redirectOutput(output.toFile());
    java.environment().put("EVENT_COLLECTOR_RABBITMQ_PROGRAMS", folder.toString());
    java.environment().put("EVENT_COLLECTOR_BROKERS", "");
    java.environment().put("AMQP_URI", "");
    java.environment().put("DOCKER_HOST", "tcp://127.0.0.1:1");

    Process process = java.start();

    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(output)
        .content()
        .contains(
            "Left out of this run:\n",
            "AMQP_URI is not set\n",
            "no Docker engine answers at tcp://127.0.0.1:1\n",
            "no rabbitmq-server in " + folder,
            "-Psoak");
  }

  private static Set<String> tags() throws IOException {
    return testSources().stream()
        .flatMap(source -> matches("@Tag\\(\"(.*?)\"\\)", source))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Of the modules' own folders alone: other modules are being built meanwhile. */
  private static List<String> testSources() throws IOException {
    List<String> sources = new ArrayList<>();
    for (Path module : modules()) {
      Path tests = module.resolve("src/test");
      if (Files.isDirectory(tests)) {
        try (Stream<Path> files = Files.walk(tests)) {
          for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
            sources.add(Files.readString(file));
          }
        }
      }
    }
    assertThat(sources).hasSizeGreaterThan(100);
    return sources;
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> examples = Files.list(ROOT.resolve("examples"))) {
      return Stream.concat(top, examples).toList();
    }
  }

  private static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }

  private static Stream<String> matches(String expression, String text) {
    return Pattern.compile(expression, Pattern.MULTILINE | Pattern.DOTALL)
        .matcher(text)
        .results()
        .map(result -> result.group(1));
  }
}
