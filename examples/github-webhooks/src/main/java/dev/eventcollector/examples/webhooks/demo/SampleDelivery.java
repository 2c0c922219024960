package dev.eventcollector.examples.webhooks.demo;

import dev.eventcollector.examples.webhooks.http.SignatureCheck;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A request as GitHub makes them, or, changed a little, as GitHub does not. */
public record SampleDelivery(String method, Map<String, String> headers, byte[] body) {

  public static final String EVENT = "X-GitHub-Event";
  public static final String DELIVERY = "X-GitHub-Delivery";
  public static final String SIGNATURE = "X-Hub-Signature-256";
  public static final String CONTENT_TYPE = "Content-Type";

  /** GitHub waits for 10 seconds; but here sender, app and broker may share one busy machine. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** A signed one with JSON in its body. */
  public static SampleDelivery json(String event, String delivery, String payload, String secret) {
    return of(event, delivery, "application/json", payload, secret);
  }

  /** A signed one with JSON in the field of a form. */
  public static SampleDelivery form(String event, String delivery, String payload, String secret) {
    String form = "payload=" + URLEncoder.encode(payload, StandardCharsets.UTF_8);
    return of(event, delivery, "application/x-www-form-urlencoded", form, secret);
  }

  private static SampleDelivery of(
      String event, String delivery, String contentType, String text, String secret) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    return new SampleDelivery("POST", Map.of(), body)
        .with(CONTENT_TYPE, contentType)
        .with(EVENT, event)
        .with(DELIVERY, delivery)
        .with(SIGNATURE, SignatureCheck.sign(body, secret));
  }

  public SampleDelivery with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new SampleDelivery(method, more, body);
  }

  public SampleDelivery without(String header) {
    Map<String, String> fewer = new LinkedHashMap<>(headers);
    fewer.remove(header);
    return new SampleDelivery(method, fewer, body);
  }

  public SampleDelivery withMethod(String other) {
    return new SampleDelivery(other, headers, body);
  }

  /** One bit of the body is not what was signed. */
  public SampleDelivery withOneBitChanged() {
    byte[] changed = body.clone();
    changed[changed.length / 2] ^= 1;
    return new SampleDelivery(method, headers, changed);
  }

  public HttpResponse<String> sendTo(URI app, HttpClient client)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(app.resolve("/webhooks/github"))
            .timeout(TIMEOUT)
            .method(method, BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
