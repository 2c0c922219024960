package dev.eventcollector.examples.work.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the API. */
final class HttpReader implements WorkReader {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final URI api;

  HttpReader(URI api) {
    this.api = api;
  }

  @Override
  public JsonNode read(Question question) throws NotFoundException, IOException {
    HttpResponse<byte[]> response = get(uri(question));
    if (response.statusCode() == NOT_FOUND) {
      throw question.notFound();
    }
    if (response.statusCode() != OK) {
      throw new IOException(
          String.format(Locale.ROOT, "%s answered %d", api, response.statusCode()));
    }
    try {
      JsonNode found = JsonMapper.shared().readTree(response.body());
      if (found.isArray() && found.isEmpty()) {
        throw question.notFound();
      }
      return found;
    } catch (JacksonException e) {
      throw new IOException(api + " answered with something that is not JSON", e);
    }
  }

  private URI uri(Question question) {
    String base = api.toString().replaceFirst("/+$", "");
    String prefix = question.prefixOfCode();
    return URI.create(
        prefix == null
            ? base + "/work/" + question.id()
            : base + "/work/search?work_code=" + URLEncoder.encode(prefix, StandardCharsets.UTF_8));
  }

  private HttpResponse<byte[]> get(URI uri) throws IOException {
    try {
      return client.send(
          HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new IOException(String.format(Locale.ROOT, "%s does not answer: %s", api, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {}
}
