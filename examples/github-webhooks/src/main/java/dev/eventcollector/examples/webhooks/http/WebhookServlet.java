package dev.eventcollector.examples.webhooks.http;

import static jakarta.servlet.http.HttpServletResponse.SC_ACCEPTED;
import static jakarta.servlet.http.HttpServletResponse.SC_BAD_REQUEST;
import static jakarta.servlet.http.HttpServletResponse.SC_METHOD_NOT_ALLOWED;
import static jakarta.servlet.http.HttpServletResponse.SC_SERVICE_UNAVAILABLE;
import static jakarta.servlet.http.HttpServletResponse.SC_UNAUTHORIZED;

import dev.eventcollector.EventCollector;
import dev.eventcollector.InvalidEventException;
import dev.eventcollector.TooManyPendingEventsException;
import dev.eventcollector.examples.support.http.Answer;
import dev.eventcollector.examples.support.program.Deadline;
import dev.eventcollector.examples.webhooks.github.MalformedPayloadException;
import dev.eventcollector.examples.webhooks.github.PayloadFacts;
import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
import dev.eventcollector.examples.webhooks.queue.Queues;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes GitHub's deliveries: is it signed? what is it? then into the queue with it.
 *
 * <p>It knows nothing of brokers. The filter around it publishes what it enqueues before its 202
 * leaves the house, and makes it a 503 when the broker does not confirm in time.
 */
public final class WebhookServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;
  private static final Pattern HEADER_VALUE = Pattern.compile("[!-~]{1,100}");
  private static final String RETRY_AFTER_SECONDS = "10";

  /** The fate of a delivery that is new here. */
  public static final String QUEUED = "queued";

  /** Fewer than the server has threads, so that slow bodies leave some for everything else. */
  public static final int MAX_READERS = 300;

  private final transient Semaphore readers = new Semaphore(MAX_READERS);
  private final transient SignatureCheck signatures;
  private final transient EventCollector events;
  private final transient BodyMemory bodyMemory;
  private final Duration requestTimeout;
  private final transient Function<String, String> fateOf;

  public WebhookServlet(
      SignatureCheck signatures,
      EventCollector events,
      BodyMemory bodyMemory,
      Duration requestTimeout,
      Function<String, String> fateOf) {
    this.signatures = signatures;
    this.events = events;
    this.bodyMemory = bodyMemory;
    this.requestTimeout = requestTimeout;
    this.fateOf = fateOf;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!readers.tryAcquire()) {
      // And nothing of the body is read, which might take as long as those that fill the house.
      AnswerLog.about(request, "too many bodies are coming in");
      Answers.write(busy(), response);
      return;
    }
    try {
      readAndEnqueue(request, response);
    } finally {
      readers.release();
    }
  }

  private static Answer busy() {
    return Answer.message(SC_SERVICE_UNAVAILABLE, "too many requests are being received")
        .withHeader("Retry-After", RETRY_AFTER_SECONDS)
        .withHeader("Connection", "close");
  }

  private void readAndEnqueue(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Deadline deadline = Deadline.in(requestTimeout);
    try (BodyMemory.Share memory = bodyMemory.share()) {
      Received received = receive(request, memory, deadline);
      AnswerLog.about(request, received);
      Answers.write(Answer.json(SC_ACCEPTED, received.toJson()), response);
    } catch (RejectedException e) {
      AnswerLog.about(request, String.valueOf(e.getMessage()));
      Answers.write(e.answer(), response);
      response.flushBuffer();
      WebhookRequest.discardRest(request, deadline);
    }
  }

  /** An event that was enqueued, and what will become of it. */
  private record Received(ReceivedEvent event, String fate) {

    Map<String, String> toJson() {
      Map<String, String> json = new LinkedHashMap<>();
      json.put("message", fate);
      json.put("delivery", event.delivery());
      return json;
    }

    @Override
    public String toString() {
      return fate.equals(QUEUED) ? event.toString() : event + ": " + fate;
    }
  }

  private Received receive(HttpServletRequest request, BodyMemory.Share memory, Deadline deadline)
      throws RejectedException {
    if (!request.getMethod().equals("POST")) {
      throw new RejectedException(SC_METHOD_NOT_ALLOWED, "only POST is allowed", "Allow", "POST");
    }
    WebhookRequest received = WebhookRequest.read(request, memory, deadline);
    if (!signatures.isSigned(received.body(), only(request, "X-Hub-Signature-256"))) {
      throw new RejectedException(SC_UNAUTHORIZED, "the signature is missing or wrong");
    }
    String name = required(request, "X-GitHub-Event");
    String delivery = required(request, "X-GitHub-Delivery");
    String hookId = request.getHeader("X-GitHub-Hook-ID");
    byte[] payload = received.payload();
    try {
      PayloadFacts facts = PayloadFacts.read(payload);
      ReceivedEvent event =
          new ReceivedEvent(delivery, name, hookId == null ? facts.hookId() : hookId, facts);
      String fate = fateOf.apply(delivery); // before the worker can have completed this one
      events.enqueueEvent(payload, Queues.GITHUB_EVENTS, event.toOptions());
      return new Received(event, fate);
    } catch (MalformedPayloadException | InvalidEventException e) {
      throw new RejectedException(SC_BAD_REQUEST, String.valueOf(e.getMessage()));
    } catch (TooManyPendingEventsException e) {
      throw new RejectedException(
          SC_SERVICE_UNAVAILABLE,
          "too much is waiting for the broker already",
          "Retry-After",
          RETRY_AFTER_SECONDS);
    }
  }

  private static String required(HttpServletRequest request, String header)
      throws RejectedException {
    String value = only(request, header);
    if (value == null || !HEADER_VALUE.matcher(value).matches()) {
      throw new RejectedException(
          SC_BAD_REQUEST,
          "the header " + header + " must be there once, with 1 to 100 printable ASCII characters");
    }
    return value;
  }

  /** Null, too, when it is there twice: whoever has looked before may have taken the other one. */
  private static @Nullable String only(HttpServletRequest request, String header) {
    List<String> values = Collections.list(request.getHeaders(header));
    return values.size() == 1 ? values.get(0) : null;
  }
}
