package dev.eventcollector.examples.webhooks.page;

import static jakarta.servlet.http.HttpServletResponse.SC_METHOD_NOT_ALLOWED;
import static jakarta.servlet.http.HttpServletResponse.SC_NOT_FOUND;
import static jakarta.servlet.http.HttpServletResponse.SC_NOT_IMPLEMENTED;
import static jakarta.servlet.http.HttpServletResponse.SC_OK;
import static jakarta.servlet.http.HttpServletResponse.SC_SERVICE_UNAVAILABLE;

import dev.eventcollector.examples.webhooks.http.Answer;
import dev.eventcollector.examples.webhooks.http.RejectedException;
import dev.eventcollector.examples.webhooks.http.WebhookServer;
import dev.eventcollector.examples.webhooks.queue.FaktoryBroker;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The page for people at {@code /}, its data as JSON, and what its buttons do. */
public final class PageServlet extends HttpServlet {

  /** Everything below is the page's. */
  static final String FOLDER = WebhookServer.PAGE;

  private static final long serialVersionUID = 1L;
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern DEAD =
      Pattern.compile(FOLDER + "/dead/([0-9a-f]{32})(/requeue|/drop)?");

  private static final Map<String, Answer> FILES =
      Map.of(
          "/",
          file("page.html", "text/html"),
          FOLDER + "/page.js",
          file("page.js", "text/javascript"),
          FOLDER + "/page.css",
          file("page.css", "text/css"));

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
  private final transient @Nullable DeadDeliveries dead;

  /** One of them with its payload, as JSON. */
  private record Opened(DeadDelivery about, PagePayload payload) {}

  /** Without dead deliveries it tells where else to look for them. */
  PageServlet(PageAccess access, PageState.Source states, @Nullable DeadDeliveries dead) {
    this.access = access;
    this.states = states;
    this.dead = dead;
  }

  private static Answer file(String name, String type) {
    try (InputStream in =
        Objects.requireNonNull(PageServlet.class.getResourceAsStream(name), name)) {
      return new Answer(SC_OK, Map.of("Content-Type", type + "; charset=utf-8"), in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
      answer = Answer.json(SC_SERVICE_UNAVAILABLE, "message", String.valueOf(e.getMessage()));
    }
    answer.writeTo(response);
  }

  private Answer answer(HttpServletRequest request) throws RejectedException, IOException {
    String path = request.getRequestURI();
    Matcher deadOne = DEAD.matcher(path);
    if (deadOne.matches() && deadOne.group(2) != null) {
      require(request, "POST");
      access.checkChanging(request);
      return dead == null ? elsewhere() : change(dead, deadOne.group(1), deadOne.group(2));
    }
    require(request, "GET", "HEAD");
    Answer file = FILES.get(path);
    if (file != null) {
      return file;
    }
    access.checkReading(request);
    if (deadOne.matches()) {
      return dead == null ? elsewhere() : open(dead, deadOne.group(1));
    }
    return switch (path) {
      case FOLDER + "/state" -> json(states.state(request.getParameter("seen")));
      case FOLDER + "/dead" -> dead == null ? elsewhere() : json(dead.list());
      default -> Answer.json(SC_NOT_FOUND, "message", "there is nothing here");
    };
  }

  private static void require(HttpServletRequest request, String method, String... orElse)
      throws RejectedException {
    String allowed = String.join(", ", method, String.join(", ", orElse));
    boolean isAllowed = request.getMethod().equals(method);
    for (String other : orElse) {
      isAllowed |= request.getMethod().equals(other);
    }
    if (!isAllowed) {
      throw new RejectedException(
          SC_METHOD_NOT_ALLOWED,
          "another method is needed here",
          "Allow",
          orElse.length == 0 ? method : allowed);
    }
  }

  private static Answer open(DeadDeliveries dead, String key) throws IOException {
    return dead.open(key)
        .map(opened -> json(new Opened(opened.about(), PagePayload.of(opened.body()))))
        .orElseGet(PageServlet::gone);
  }

  private static Answer change(DeadDeliveries dead, String key, String action) throws IOException {
    boolean done = action.equals("/requeue") ? dead.requeue(key) : dead.drop(key);
    if (!done) {
      return gone();
    }
    return Answer.json(SC_OK, "message", action.equals("/requeue") ? "requeued" : "dropped");
  }

  private static Answer elsewhere() {
    return Answer.json(SC_NOT_IMPLEMENTED, "message", FaktoryBroker.ON_ITS_PAGE);
  }

  private static Answer gone() {
    return Answer.json(SC_NOT_FOUND, "message", "it is not among the dead deliveries any more");
  }

  private static Answer json(Object value) {
    return new Answer(
        SC_OK, Map.of("Content-Type", "application/json"), JSON.writeValueAsBytes(value));
  }
}
