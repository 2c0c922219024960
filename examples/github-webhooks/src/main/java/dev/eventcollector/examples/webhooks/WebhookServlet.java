package dev.eventcollector.examples.webhooks;

import static jakarta.servlet.http.HttpServletResponse.SC_ACCEPTED;
import static jakarta.servlet.http.HttpServletResponse.SC_BAD_REQUEST;
import static jakarta.servlet.http.HttpServletResponse.SC_METHOD_NOT_ALLOWED;
import static jakarta.servlet.http.HttpServletResponse.SC_SERVICE_UNAVAILABLE;
import static jakarta.servlet.http.HttpServletResponse.SC_UNAUTHORIZED;

import dev.eventcollector.EventCollector;
import dev.eventcollector.InvalidEventException;
import dev.eventcollector.PublishReport;
import dev.eventcollector.TooManyPendingEventsException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes GitHub's deliveries: who sent it? what is it? into the queue with it. */
final class WebhookServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;
  private static final Logger LOGGER = LoggerFactory.getLogger(WebhookServlet.class);
  private static final Pattern HEADER_VALUE = Pattern.compile("[!-~]{1,100}");
  private static final String RETRY_AFTER_SECONDS = "10";

  private final transient SignatureCheck signatures;
  private final transient EventCollector events;
  private final transient Counters counters;

  WebhookServlet(SignatureCheck signatures, EventCollector events, Counters counters) {
    this.signatures = signatures;
    this.events = events;
    this.counters = counters;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Answer answer;
    try {
      answer = receive(request);
    } catch (RejectedException e) {
      answer = e.answer();
      LOGGER.warn("answered {}: {}", answer.status(), e.getMessage());
    }
    counters.answers.add(answer.status());
    answer.writeTo(response);
  }

  private Answer receive(HttpServletRequest request) throws RejectedException {
    if (!request.getMethod().equals("POST")) {
      String message = "only POST is allowed";
      throw new RejectedException(
          Answer.json(SC_METHOD_NOT_ALLOWED, "message", message).withHeader("Allow", "POST"),
          message);
    }
    WebhookRequest received = WebhookRequest.read(request);
    if (!signatures.isSigned(received.body(), request.getHeader("X-Hub-Signature-256"))) {
      throw new RejectedException(SC_UNAUTHORIZED, "the signature is missing or wrong");
    }
    String name = required(request, "X-GitHub-Event");
    String delivery = required(request, "X-GitHub-Delivery");
    byte[] payload = received.payload();
    try {
      PayloadFacts facts = PayloadFacts.read(payload);
      String hookId = request.getHeader("X-GitHub-Hook-ID");
      return publish(
          payload,
          new ReceivedEvent(delivery, name, hookId == null ? facts.hookId() : hookId, facts));
    } catch (MalformedPayloadException | InvalidEventException e) {
      throw new RejectedException(SC_BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  private static String required(HttpServletRequest request, String header)
      throws RejectedException {
    String value = request.getHeader(header);
    if (value == null || !HEADER_VALUE.matcher(value).matches()) {
      throw new RejectedException(
          SC_BAD_REQUEST,
          "the header " + header + " must be there, with 1 to 100 printable ASCII characters");
    }
    return value;
  }

  /**
   * Publishes here, and does not leave it to the filter around us, because the answer depends on
   * whether the broker has confirmed. What it has not confirmed stays owed all the same.
   */
  private Answer publish(byte[] payload, ReceivedEvent event) throws RejectedException {
    try {
      events.enqueueEvent(payload, Queues.GITHUB_EVENTS, event.toOptions());
    } catch (TooManyPendingEventsException | IllegalStateException e) {
      throw unavailable(event + " was not taken: " + e.getMessage(), "try again later");
    }
    PublishReport report = events.publish();
    if (!report.allConfirmed()) {
      throw unavailable(
          event + ": " + report,
          report.owed() > 0
              ? "the broker has not confirmed in time; the delivery is kept and will be queued"
              : "the broker does not take the delivery");
    }
    LOGGER.info("answered {}: {}", SC_ACCEPTED, event);
    return Answer.json(SC_ACCEPTED, "message", "queued", "delivery", event.delivery());
  }

  private static RejectedException unavailable(String reason, String message) {
    return new RejectedException(
        Answer.json(SC_SERVICE_UNAVAILABLE, "message", message)
            .withHeader("Retry-After", RETRY_AFTER_SECONDS),
        reason);
  }
}
