package dev.eventcollector.examples.webhooks.http;

import static jakarta.servlet.http.HttpServletResponse.SC_INTERNAL_SERVER_ERROR;

import dev.eventcollector.examples.webhooks.history.Tally;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
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
    try {
      chain.doFilter(request, response);
    } catch (IOException e) {
      // The sender has gone, as a rule; it was answered all the same.
      answered(response.getStatus(), request.getAttribute(ABOUT) + "; it did not arrive: " + e);
      throw e;
    } catch (ServletException | RuntimeException | Error e) {
      int status = response.isCommitted() ? response.getStatus() : SC_INTERNAL_SERVER_ERROR;
      answered(status, request.getAttribute(ABOUT) + "; failed: " + e);
      throw e;
    }
    answered(response.getStatus(), request.getAttribute(ABOUT));
  }

  private void answered(int status, @Nullable Object about) {
    answers.add(status);
    if (status < FIRST_FAILURE) {
      LOGGER.info("answered {}: {}", status, about);
    } else {
      LOGGER.warn("answered {}: {}", status, about);
    }
  }
}
