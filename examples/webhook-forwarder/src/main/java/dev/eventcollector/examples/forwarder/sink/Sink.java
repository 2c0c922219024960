package dev.eventcollector.examples.forwarder.sink;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The one that batches are posted to. Safe for use by many threads. */
public final class Sink {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
  private static final int MOST_REDIRECTS = 10;
  private static final Set<Integer> BLAMES_OTHERS =
      Set.of(401, 402, 403, 404, 405, 407, 408, 410, 421, 425, 426, 429);

  private final SinkAddress address;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /** Connects when something is posted. */
  public Sink(SinkAddress address) {
    this.address = address;
  }

  /**
   * The sink's answer.
   *
   * @param status 0 when there was no answer
   * @param reason why it is not accepted; empty when it is
   * @param retryAfter how long the sink asks to wait
   */
  public record Answer(int status, String reason, @Nullable Duration retryAfter) {

    static Answer none(String reason) {
      return new Answer(0, reason, null);
    }

    /** Whether the status is 2xx. */
    public boolean isAccepted() {
      return isSuccess(status);
    }

    /** Whether the sink has a fault, and does not just ask to come back later. */
    boolean isError() {
      return status >= 500 && status != 503;
    }

    /** Whether the status blames the batch, and not its sender, the moment or the sink. */
    public boolean refusesContent() {
      return status >= 400 && status < 500 && !BLAMES_OTHERS.contains(status);
    }
  }

  /**
   * Posts a batch once. Of redirects only 307 and 308 are followed: with the others (RFC 9110,
   * section 15.4) the request would be repeated as a GET without the batch, and its success would
   * say nothing.
   */
  public Answer post(BatchBody body, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    URI target = address.uri();
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      Duration remaining = Duration.ofNanos(deadline - System.nanoTime());
      if (remaining.isNegative() || remaining.isZero()) {
        return Answer.none("no answer in time");
      }
      HttpResponse<DiscardedBody> response;
      try {
        response = client.send(request(target, body, remaining), DiscardedBody.handler());
        response.body().awaitEnd();
      } catch (IOException e) {
        return isNoContentWithContent(e) ? new Answer(204, "", null) : Answer.none(reason(e));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Answer.none("interrupted while waiting for the answer");
      }
      int status = response.statusCode();
      if (status != 307 && status != 308) {
        String reason = isSuccess(status) ? "" : "the sink answered " + status;
        return new Answer(status, reason, retryAfter(response));
      }
      Optional<URI> next = redirect(target, response);
      if (next.isEmpty()) {
        return new Answer(status, "the sink redirects to where a batch must not go", null);
      }
      target = next.get();
    }
    return Answer.none("the sink redirects for ever");
  }

  private HttpRequest request(URI target, BatchBody body, Duration timeout) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(body.publisher());
    if (body.contentEncoding() != null) {
      request.header("Content-Encoding", body.contentEncoding());
    }
    if (address.authorization() != null && address.isOriginOf(target)) {
      request.header("Authorization", address.authorization());
    }
    return request.build();
  }

  private static Optional<URI> redirect(URI from, HttpResponse<?> response) {
    try {
      return response
          .headers()
          .firstValue("Location")
          .map(location -> resolve(from, location))
          .filter(SinkAddress::namesServer)
          .filter(
              to ->
                  "https".equalsIgnoreCase(to.getScheme())
                      || ("http".equalsIgnoreCase(to.getScheme())
                          && "http".equalsIgnoreCase(from.getScheme())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** As in RFC 3986, section 5.2.2; without a path in it, the JDK would drop a part of ours. */
  private static URI resolve(URI from, String location) {
    if (location.startsWith("?")) {
      return URI.create(
          from.getScheme() + "://" + from.getRawAuthority() + from.getRawPath() + location);
    }
    return location.isEmpty() ? from : from.resolve(location);
  }

  private static @Nullable Duration retryAfter(HttpResponse<?> response) {
    if (response.statusCode() != 429 && response.statusCode() != 503) {
      return null;
    }
    return response.headers().firstValue("Retry-After").map(Sink::parseRetryAfter).orElse(null);
  }

  /** Seconds, or a date (RFC 9110, section 10.2.3); null when it is neither. */
  static @Nullable Duration parseRetryAfter(String value) {
    try {
      if (value.matches("\\d{1,9}")) {
        return Duration.ofSeconds(Long.parseLong(value));
      }
      Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Duration.between(Instant.now(), until);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }

  /**
   * Whether the sink answered 204, which has no body, and announced one. The JDK's client hides the
   * status of such an answer in its message (Http1Response in JDK 17 and 25).
   */
  private static boolean isNoContentWithContent(IOException e) {
    return String.valueOf(e.getMessage()).contains("with 204 response");
  }

  private String reason(IOException e) {
    String text = e.getMessage();
    return String.format(
        Locale.ROOT,
        "no answer from %s: %s%s",
        address,
        e.getClass().getSimpleName(),
        text == null ? "" : " (" + text + ")");
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
