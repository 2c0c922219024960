package dev.eventcollector.examples.forwarder.http;

import dev.eventcollector.examples.forwarder.log.LogText;
import dev.eventcollector.examples.support.http.Answer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.io.JsonStringEncoder;

/** A request, and the one answer to it, which is logged and counted. */
final class Exchange {

  private static final Logger LOGGER = LoggerFactory.getLogger(Exchange.class);
  private static final HttpField TEXT =
      new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
  private static final HttpField JSON =
      new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/json");
  private static final HttpField RETRY_SOON = new PreEncodedHttpField(HttpHeader.RETRY_AFTER, "1");
  private static final HttpField CLOSE =
      new PreEncodedHttpField(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());

  final Request request;
  private final Response response;
  private final Callback callback;
  private final RequestCounts counts;

  Exchange(Request request, Response response, Callback callback, RequestCounts counts) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.counts = counts;
  }

  void text(int status, byte[] body) {
    response.getHeaders().put(TEXT);
    answer(status, body);
  }

  /** An answer that is complete. */
  void answer(@Nullable Answer answer) {
    if (answer == null) {
      error(404, "there is no such path");
    } else {
      log(answer.status());
      answer.write(response, callback);
    }
  }

  void error(int status, String message) {
    StringBuilder json = new StringBuilder("{\"message\":\"");
    JsonStringEncoder.getInstance().quoteAsString(message, json);
    response.getHeaders().put(JSON);
    answer(status, json.append("\"}\n").toString().getBytes(StandardCharsets.UTF_8));
  }

  void methodNotAllowed(String allowed) {
    response.getHeaders().put(HttpHeader.ALLOW, allowed);
    error(405, "the method must be one of: " + allowed);
  }

  /** 503, with the advice to come back soon. */
  void unavailable(String message) {
    response.getHeaders().put(RETRY_SOON);
    error(503, message);
  }

  /** Answers although the rest of the body has not come yet, so that the connection has to end. */
  void errorBeforeEndOfBody(int status, String message) {
    response.getHeaders().put(CLOSE);
    error(status, message);
  }

  private void answer(int status, byte[] body) {
    response.setStatus(status);
    log(status);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  /** The client went away, or was too slow. */
  void abort(Throwable failure) {
    log(499);
    callback.failed(failure);
  }

  private void log(int status) {
    counts.count(status);
    LOGGER
        .atInfo()
        .addKeyValue("method", LogText.word(request.getMethod()))
        .addKeyValue("path", LogText.word(request.getHttpURI().getPath()))
        .addKeyValue("status", status)
        .addKeyValue("duration", LogText.millis(System.nanoTime() - request.getBeginNanoTime()))
        .log("request");
  }
}
