package dev.eventcollector.examples.webhooks;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and logs the webhook's answers. Stands in front of the library's filter, because that can
 * still make a 503 of a 202.
 */
final class AnswerLog extends HttpFilter {

  private static final long serialVersionUID = 1L;
  private static final Logger LOGGER = LoggerFactory.getLogger(AnswerLog.class);
  private static final String ABOUT = AnswerLog.class.getName() + ".about";
  private static final int FIRST_FAILURE = 400;

  private final transient Tally<Integer> answers;

  AnswerLog(Tally<Integer> answers) {
    this.answers = answers;
  }

  /** Says what the line about this request is to tell: the event, or why it was turned down. */
  static void about(HttpServletRequest request, Object about) {
    request.setAttribute(ABOUT, about);
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(request, response);
    int status = response.getStatus();
    answers.add(status);
    if (status < FIRST_FAILURE) {
      LOGGER.info("answered {}: {}", status, request.getAttribute(ABOUT));
    } else {
      LOGGER.warn("answered {}: {}", status, request.getAttribute(ABOUT));
    }
  }
}
