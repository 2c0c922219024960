package dev.eventcollector.examples.webhooks.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.examples.webhooks.history.Tally;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnswerLogTest {

  private final Tally<Integer> answers = new Tally<>();
  private final AnswerLog log = new AnswerLog(answers);

  @Test
  void should_count_an_answer_when_it_fails_on_its_way_to_the_sender() {
    assertThatThrownBy(() -> answer(202, failing(new IOException("gone"))))
        .isInstanceOf(IOException.class);

    assertThat(answers.counts()).isEqualTo(Map.of(202, 1L));
  }

  @Test
  void should_count_a_500_when_handling_fails() {
    assertThatThrownBy(() -> answer(200, failing(new IllegalStateException("a bug"))))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> answer(200, failing(new ServletException("a bug"))))
        .isInstanceOf(ServletException.class);

    assertThat(answers.counts()).isEqualTo(Map.of(500, 2L));
  }

  private static FilterChain failing(Exception failure) {
    return (request, response) -> {
      if (failure instanceof IOException e) {
        throw e;
      } else if (failure instanceof ServletException e) {
        throw e;
      }
      throw (RuntimeException) failure;
    };
  }

  private void answer(int status, FilterChain chain) throws IOException, ServletException {
    log.doFilter(
        stub(HttpServletRequest.class, null), stub(HttpServletResponse.class, status), chain);
  }

  /** Jetty's own need a server and a connection that breaks at the right moment. */
  private static <T> T stub(Class<T> type, @Nullable Integer status) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getStatus" -> status;
                  case "isCommitted" -> false;
                  default -> null;
                }));
  }
}
