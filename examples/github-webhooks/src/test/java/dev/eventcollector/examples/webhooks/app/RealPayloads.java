package dev.eventcollector.examples.webhooks.app;

import dev.eventcollector.examples.webhooks.demo.SampleDelivery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Payloads as GitHub makes them, which are not part of this project: a folder that the environment
 * variable GITHUB_PAYLOADS names, with one folder per event in it.
 */
final class RealPayloads {

  private static final Path FOLDER =
      Path.of(System.getenv().getOrDefault("GITHUB_PAYLOADS", "../../../shared/github-payloads"));

  private RealPayloads() {}

  /** The data of the event of this name; the path is for messages. */
  record Payload(String event, String json, Path path) {

    SampleDelivery delivery(String id) {
      return SampleDelivery.json(event, id, json, TestApp.SECRET);
    }

    SampleDelivery inForm(String id) {
      return SampleDelivery.form(event, id, json, TestApp.SECRET);
    }
  }

  /** All there are, in the order of their names; none where there is no such folder. */
  static List<Payload> all() throws IOException {
    if (!Files.isDirectory(FOLDER)) {
      return List.of();
    }
    List<Payload> payloads = new ArrayList<>();
    for (Path path : paths()) {
      String event = path.getName(path.getNameCount() - 2).toString();
      payloads.add(new Payload(event, Files.readString(path), path));
    }
    return payloads;
  }

  private static List<Path> paths() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files.filter(file -> file.toString().endsWith("payload.json")).sorted().toList();
    }
  }

  /** Why there are none. */
  static String missing() {
    return "there are no payloads: GITHUB_PAYLOADS is not set, and there is no "
        + FOLDER.toAbsolutePath().normalize();
  }
}
