package dev.eventcollector.examples.autoconfiguration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.examples.spring.ShopApplication;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplicationAotProcessor;
import org.springframework.context.aot.AbstractAotProcessor.Settings;

/** {@code spring-boot:process-aot} works, and what it generates compiles. */
class AotTest {

  @Test
  void should_generate_code_that_compiles_when_the_shop_is_processed_ahead_of_time(
      @TempDir Path folder) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("sources"));
    Path classes = Files.createDirectories(folder.resolve("classes"));
    Path resources = Files.createDirectories(folder.resolve("resources"));
    Settings settings =
        Settings.builder()
            .sourceOutput(sources)
            .classOutput(classes)
            .resourceOutput(resources)
            .groupId("dev.eventcollector")
            .artifactId("shop")
            .build();

    new SpringApplicationAotProcessor(ShopApplication.class, settings, new String[0]).process();

    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp"));
    arguments.add(classes + java.io.File.pathSeparator + System.getProperty("java.class.path"));
    try (Stream<Path> files = Files.walk(sources)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .map(Path::toString)
          .forEach(arguments::add);
    }
    assertThat(arguments).anyMatch(file -> file.contains("EventCollectorAutoConfiguration__"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter output = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                output,
                null,
                null,
                arguments.subList(0, 6),
                null,
                compiler
                    .getStandardFileManager(null, null, null)
                    .getJavaFileObjectsFromStrings(arguments.subList(6, arguments.size())))
            .call();
    assertThat(compiled).as(output.toString()).isTrue();
    try (Stream<Path> hints = Files.walk(resources)) {
      assertThat(
              hints
                  .filter(file -> file.toString().endsWith("reachability-metadata.json"))
                  .map(AotTest::text)
                  .toList())
          .anyMatch(text -> text.contains("\"ship\""));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
