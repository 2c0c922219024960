package dev.eventcollector.examples.webhooks.http;

import dev.eventcollector.examples.support.http.Answer;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Sends answers by way of servlets. */
public final class Answers {

  private Answers() {}

  /** Sends it. */
  public static void write(Answer answer, HttpServletResponse response) throws IOException {
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    response.setContentLength(answer.body().length);
    response.getOutputStream().write(answer.body());
  }
}
