package dev.eventcollector.examples.webhooks.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers, as JSON and with the status' name alone, what never came as far as a servlet. */
final class JsonErrorHandler extends ErrorHandler {

  private static final String JSON = "application/json";

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int status,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
    response.write(true, body(status), callback);
  }

  private static ByteBuffer body(int status) {
    return ByteBuffer.wrap(Answer.json(status, "message", HttpStatus.getMessage(status)).body());
  }
}
