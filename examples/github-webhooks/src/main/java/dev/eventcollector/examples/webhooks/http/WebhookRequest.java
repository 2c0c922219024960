package dev.eventcollector.examples.webhooks.http;

import static jakarta.servlet.http.HttpServletResponse.SC_BAD_REQUEST;
import static jakarta.servlet.http.HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE;
import static jakarta.servlet.http.HttpServletResponse.SC_REQUEST_TIMEOUT;
import static jakarta.servlet.http.HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE;

import dev.eventcollector.examples.support.program.Deadline;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of a webhook's request: JSON, or a form with the JSON in a field. What is signed is the
 * body, what is queued is the JSON.
 */
public record WebhookRequest(byte[] body, boolean isForm) {

  /** GitHub sends no payload over 25 MB. */
  public static final int MAX_BYTES = 25 * 1024 * 1024;

  private static final Logger LOGGER = LoggerFactory.getLogger(WebhookRequest.class);
  private static final int DISCARDED_BYTES = 4 * MAX_BYTES;
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int FIRST_BYTES = 8 * 1024;
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

  /**
   * Reads the body unless it is of another type, no more of it than is allowed, and for no longer
   * than until the deadline.
   */
  static WebhookRequest read(HttpServletRequest request, BodyMemory.Share memory, Deadline deadline)
      throws RejectedException {
    String type = mediaType(request);
    if (!type.equals(JSON) && !type.equals(FORM)) {
      throw new RejectedException(
          SC_UNSUPPORTED_MEDIA_TYPE, "the content type must be " + JSON + " or " + FORM);
    }
    if (request.getContentLengthLong() > MAX_BYTES) {
      throw tooLarge();
    }
    try {
      return new WebhookRequest(readBody(request, memory, deadline), type.equals(FORM));
    } catch (IOException e) {
      throw e.getCause() instanceof TimeoutException
          ? tooSlow()
          : new RejectedException(SC_BAD_REQUEST, "the body is broken");
    }
  }

  private static byte[] readBody(
      HttpServletRequest request, BodyMemory.Share memory, Deadline deadline)
      throws IOException, RejectedException {
    InputStream in = request.getInputStream();
    long announced = request.getContentLengthLong();
    int expected = announced < 0 ? MAX_BYTES : (int) announced;
    byte[] body = new byte[0];
    int size = 0;
    while (true) {
      if (size == body.length) {
        int one = in.read(); // whether there is more of it
        if (one < 0) {
          return body;
        }
        body = grown(body, expected, memory);
        body[size++] = (byte) one;
      }
      int read = in.read(body, size, body.length - size);
      if (read < 0) {
        return Arrays.copyOf(body, size);
      }
      size += read;
      if (deadline.hasPassed()) {
        throw tooSlow();
      }
    }
  }

  /** Doubles as long as the body is small, then takes all the room that the rest needs. */
  private static byte[] grown(byte[] body, int expected, BodyMemory.Share memory)
      throws RejectedException {
    if (body.length >= MAX_BYTES) {
      throw tooLarge();
    }
    int doubled = Math.max(FIRST_BYTES, 2 * body.length);
    int length = Math.min(doubled > BodyMemory.SMALL_BYTES ? MAX_BYTES : doubled, expected);
    memory.grow(length - body.length);
    return Arrays.copyOf(body, length);
  }

  /**
   * Lets a sender that was turned down finish, within limits: one that is cut off while it is still
   * sending may never see its answer.
   */
  static void discardRest(HttpServletRequest request, Deadline deadline) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream rest = request.getInputStream();
      for (int total = 0, read = 0;
          read >= 0 && total < DISCARDED_BYTES && !deadline.hasPassed();
          total += read) {
        read = rest.read(buffer);
      }
    } catch (IOException e) {
      LOGGER.debug("the sender has gone, or sends no more", e);
    }
  }

  /**
   * The content type without its parameters: a charset is allowed, and JSON is UTF-8 anyway. From
   * the header, because Jetty's getContentType() throws when it does not know the charset.
   */
  private static String mediaType(HttpServletRequest request) {
    String contentType = request.getHeader("Content-Type");
    return contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  private static RejectedException tooSlow() {
    return new RejectedException(SC_REQUEST_TIMEOUT, "the body did not arrive in time");
  }

  private static RejectedException tooLarge() {
    return new RejectedException(
        SC_REQUEST_ENTITY_TOO_LARGE, "the body must not be larger than " + MAX_BYTES + " bytes");
  }

  /** The JSON. May be asked for once, after the body's signature was checked. */
  byte[] payload() throws RejectedException {
    return isForm ? FormPayload.take(body) : body;
  }
}
