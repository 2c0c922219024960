package dev.eventcollector.examples.webhooks.page;

import static jakarta.servlet.http.HttpServletResponse.SC_BAD_REQUEST;
import static jakarta.servlet.http.HttpServletResponse.SC_METHOD_NOT_ALLOWED;
import static jakarta.servlet.http.HttpServletResponse.SC_NOT_FOUND;
import static jakarta.servlet.http.HttpServletResponse.SC_SERVICE_UNAVAILABLE;

import dev.eventcollector.examples.support.http.Answer;
import dev.eventcollector.examples.webhooks.history.OpenedDelivery;
import dev.eventcollector.examples.webhooks.history.RecentDeliveries;
import dev.eventcollector.examples.webhooks.history.RecentDelivery.Status;
import dev.eventcollector.examples.webhooks.http.Answers;
import dev.eventcollector.examples.webhooks.http.RejectedException;
import dev.eventcollector.examples.webhooks.http.WebhookServer;
import dev.eventcollector.examples.webhooks.page.FailedDeliveries.Changed;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The page for operators at {@code /}, its data as JSON, and what its buttons do. */
public final class PageServlet extends HttpServlet {

  private static final String DELIVERY = WebhookServer.PAGE + "/delivery";
  private static final String DEAD = WebhookServer.PAGE + "/dead";
  private static final long serialVersionUID = 1L;

  private static final Map<String, String> PROTECTION =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
              + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  private final transient PageAccess access;
  private final transient PageState.Source states;
  private final transient RecentDeliveries recent;
  private final transient FailedDeliveries failed;
  private final transient Map<String, Answer> files = PageFiles.read();

  /** A dead delivery as JSON. */
  private record OpenedDead(
      FailedDeliveries.Dead about, @Nullable String stack, @Nullable PagePayload payload) {}

  PageServlet(
      PageAccess access,
      PageState.Source states,
      RecentDeliveries recent,
      FailedDeliveries failed) {
    this.access = access;
    this.states = states;
    this.recent = recent;
    this.failed = failed;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    PROTECTION.forEach(response::setHeader);
    Answer answer;
    try {
      answer = answer(request);
    } catch (RejectedException e) {
      answer = e.answer();
    } catch (IOException e) {
      answer = Answer.message(SC_SERVICE_UNAVAILABLE, String.valueOf(e.getMessage()));
    }
    Answers.write(answer, response);
  }

  private Answer answer(HttpServletRequest request) throws RejectedException, IOException {
    String path = request.getRequestURI();
    switch (path) {
      case DELIVERY + "/retry", DEAD + "/requeue", DEAD + "/requeue-all", DEAD + "/drop" -> {
        require(request, "POST", "POST");
        access.checkChanging(request);
        return change(path, request);
      }
      default -> require(request, "GET", "GET, HEAD");
    }
    Answer file = files.get(path);
    if (file != null) {
      return file;
    }
    access.checkReading(request);
    return switch (path) {
      case WebhookServer.PAGE + "/state" ->
          Answer.ok(states.state(request.getParameter("started"), request.getParameter("seen")));
      case DELIVERY -> delivery(parameter(request, "id"));
      case DEAD -> Answer.ok(failed.list(offset(request)));
      case DEAD + "/one" -> dead(parameter(request, "key"));
      default -> Answer.message(SC_NOT_FOUND, "there is nothing here");
    };
  }

  private static void require(HttpServletRequest request, String method, String allowed)
      throws RejectedException {
    String given = request.getMethod();
    if (!given.equals(method) && !(method.equals("GET") && given.equals("HEAD"))) {
      throw new RejectedException(
          SC_METHOD_NOT_ALLOWED, "another method is needed here", "Allow", allowed);
    }
  }

  private static String parameter(HttpServletRequest request, String name)
      throws RejectedException {
    String value = request.getParameter(name);
    if (value == null) {
      throw new RejectedException(SC_BAD_REQUEST, "the parameter " + name + " is missing");
    }
    return value;
  }

  private static int offset(HttpServletRequest request) throws RejectedException {
    String offset = request.getParameter("offset");
    if (offset == null) {
      return 0;
    }
    if (!offset.matches("\\d{1,9}")) {
      throw new RejectedException(SC_BAD_REQUEST, "offset must be a number that is not negative");
    }
    return Integer.parseInt(offset);
  }

  private Answer delivery(String id) {
    return recent
        .open(id)
        .map(opened -> Answer.ok(PageDelivery.of(opened)))
        .orElseGet(() -> Answer.message(SC_NOT_FOUND, "this delivery is not remembered here"));
  }

  private Answer dead(String key) throws IOException {
    return failed
        .open(key)
        .map(
            opened -> {
              byte @Nullable [] payload = opened.payload();
              return Answer.ok(
                  new OpenedDead(
                      opened.about(),
                      opened.stack(),
                      payload == null ? null : PagePayload.of(payload)));
            })
        .orElseGet(PageServlet::gone);
  }

  private Answer change(String path, HttpServletRequest request)
      throws RejectedException, IOException {
    if (path.equals(DELIVERY + "/retry")) {
      return retry(parameter(request, "id"));
    }
    if (path.equals(DEAD + "/requeue-all")) {
      return Answer.ok(failed.requeueAll());
    }
    parameter(request, "key");
    List<String> keys = List.of(request.getParameterValues("key"));
    if (keys.size() > FailedDeliveries.PAGE_SIZE) {
      throw new RejectedException(
          SC_BAD_REQUEST, "at most " + FailedDeliveries.PAGE_SIZE + " at a time");
    }
    Changed changed = path.equals(DEAD + "/requeue") ? failed.requeue(keys) : failed.drop(keys);
    return changed.done() == 0 ? gone() : Answer.ok(changed);
  }

  private Answer retry(String id) throws IOException {
    Optional<OpenedDelivery> waiting =
        recent.open(id).filter(one -> one.row().status() == Status.RETRYING);
    if (waiting.isEmpty()) {
      return Answer.message(SC_NOT_FOUND, "it does not wait for another attempt any more");
    }
    failed.retryNow(waiting.get());
    return Answer.ok(Map.of("done", 1));
  }

  private static Answer gone() {
    return Answer.message(SC_NOT_FOUND, "it is not among the dead deliveries any more");
  }
}
