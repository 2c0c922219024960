package dev.eventcollector.examples.work.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    JsonNode found;
    try {
      found = JsonMapper.shared().readTree(response.body());
    } catch (JacksonException e) {
      throw new IOException(api + " answered with something that is not JSON", e);
    }
    if (found.isArray() && found.isEmpty() && question.prefixOfCode() != null) {
      throw question.notFound();
    }
    if (!question.isAnsweredBy(found)) {
      throw new IOException(api + " answered with something else than was asked for");
    }
    return found;
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
    CompletableFuture<HttpResponse<byte[]>> response =
        client.sendAsync(
            HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), info -> new BoundedBody());
    try {
      return response.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS); // its body included
    } catch (TimeoutException e) {
      response.cancel(true);
      throw new IOException(api + " does not answer within " + PATIENCE.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(api + " does not answer: " + cause, cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {}
}
