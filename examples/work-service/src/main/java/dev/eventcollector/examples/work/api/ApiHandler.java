package dev.eventcollector.examples.work.api;

import dev.eventcollector.examples.support.http.Answer;
import dev.eventcollector.examples.support.http.HttpServer;
import dev.eventcollector.examples.support.http.StatusPages;
import dev.eventcollector.examples.support.logging.Seldom;
import dev.eventcollector.examples.support.settings.Listening;
import dev.eventcollector.examples.work.model.Work;
import dev.eventcollector.examples.work.model.WorkCodes;
import dev.eventcollector.examples.work.storage.Database;
import dev.eventcollector.examples.work.storage.WorkStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every request: works, and how the program is. */
public final class ApiHandler extends Handler.Abstract {

  private static final Logger LOGGER = LoggerFactory.getLogger(ApiHandler.class);
  private static final String ANSWERS = "work.api.answers";
  private static final String CREATED = "work.api.works.created";
  private static final String WORK = "/work/";
  private static final int MAX_HEADER_BYTES = 64 * 1024; // a search for 10 kB finds nothing
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);
  private static final int LARGEST_ADD_UP_TO = 99;
  private static final List<String> BROWSER_MARKS =
      List.of("Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Referer");

  /** The characters of a work's code; a code with others does not exist. */
  private static final Pattern PREFIX_OF_CODE = Pattern.compile("[0-9A-Za-z-]{0,50}");

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final WorkStore works;
  private final StatusPages status;
  private final MeterRegistry metrics;
  private final Seldom failures = new Seldom();

  ApiHandler(WorkStore works, StatusPages status) {
    this.works = works;
    this.status = status;
    metrics = status.metrics();
  }

  /** Serves the works of this database, and the status of the program. */
  public static HttpServer serve(Listening where, Database database, StatusPages status)
      throws IOException {
    return serve(where.bindAddress(), where.port(), database, status);
  }

  static HttpServer serve(String address, int port, Database database, StatusPages status)
      throws IOException {
    return HttpServer.at(address, port)
        .headBytes(MAX_HEADER_BYTES)
        .answerTimeout(ANSWER_TIMEOUT)
        .localNamesOnly()
        .errors(ApiHandler::refuse)
        .start(new ApiHandler(database.works(), status));
  }

  /** Jetty's own refusals. */
  private static boolean refuse(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    refusal(status, String.valueOf(HttpStatus.getMessage(status))).write(response, callback);
    return true;
  }

  private static Answer refusal(int status, String reason) {
    return Answer.json(status, Map.of("content", reason));
  }

  private static Answer notAllowed(String allowed) {
    return refusal(HttpStatus.METHOD_NOT_ALLOWED_405, Answer.reasonOfNotAllowed(allowed))
        .withHeader("Allow", allowed);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Answer answer;
    try {
      answer = answer(request);
    } catch (JdbiException e) {
      failures.log(
          more ->
              LOGGER.warn("the database failed: {}; {} more before", rootOf(e).toString(), more));
      answer =
          refusal(HttpStatus.SERVICE_UNAVAILABLE_503, "the database is unavailable")
              .withHeader("Retry-After", "5");
    }
    metrics.counter(ANSWERS, "status", String.valueOf(answer.status())).increment();
    answer.write(response, callback);
    return true;
  }

  private static Throwable rootOf(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private Answer answer(Request request) {
    String path = Request.getPathInContext(request);
    String method = request.getMethod();
    switch (path) {
      case "/work", WORK -> {
        if (!method.equals("POST")) {
          return notAllowed("POST");
        }
        return isOfWebPage(request)
            ? refusal(HttpStatus.FORBIDDEN_403, "web pages must not create works")
            : create();
      }
      case "/work/search", "/work/search/" -> {
        return Answer.isRead(method) ? search(request) : notAllowed("GET, HEAD");
      }
      default -> {
        Answer page = status.answer(method, path);
        if (page != null) {
          return Answer.isRead(method) ? page : notAllowed("GET, HEAD");
        }
        String id = idIn(path);
        if (id == null) {
          return refusal(HttpStatus.NOT_FOUND_404, "route not found");
        }
        return Answer.isRead(method) ? retrieve(id) : notAllowed("GET, HEAD");
      }
    }
  }

  /** The one segment that follows /work/, or null. */
  private static @Nullable String idIn(String path) {
    if (!path.startsWith(WORK)) {
      return null;
    }
    String rest = path.substring(WORK.length());
    String segment = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    return segment.isEmpty() || segment.indexOf('/') >= 0 ? null : segment;
  }

  /**
   * Whether a browser sends this for a page. A body that nobody reads makes this request one that
   * any page may send without asking first, and browsers mark those. This API has no pages.
   */
  private static boolean isOfWebPage(Request request) {
    return BROWSER_MARKS.stream().anyMatch(request.getHeaders()::contains);
  }

  private Answer create() {
    int addUpTo = ThreadLocalRandom.current().nextInt(1, LARGEST_ADD_UP_TO + 1);
    Work work = works.create(WorkCodes.OF_API, addUpTo, Instant.now());
    metrics.counter(CREATED).increment();
    LOGGER.info("created {}: to add up to {}", work.workCode(), addUpTo);
    return Answer.ok(work.view());
  }

  private Answer retrieve(String text) {
    long id = NUMBER.matcher(text).matches() ? Long.parseLong(text) : 0;
    if (id < 1 || id > Integer.MAX_VALUE) {
      return refusal(
          HttpStatus.BAD_REQUEST_400, "the id must be a whole number from 1 to 2147483647");
    }
    return works
        .find((int) id)
        .map(work -> Answer.ok(work.view()))
        .orElseGet(() -> refusal(HttpStatus.NOT_FOUND_404, "work not found"));
  }

  private Answer search(Request request) {
    String prefix = Request.extractQueryParameters(request).getValue("work_code");
    if (prefix == null) {
      return refusal(HttpStatus.BAD_REQUEST_400, "work_code is missing");
    }
    return Answer.ok(
        PREFIX_OF_CODE.matcher(prefix).matches()
            ? works.findByPrefixOfCode(prefix).stream().map(Work::view).toList()
            : List.of());
  }
}
