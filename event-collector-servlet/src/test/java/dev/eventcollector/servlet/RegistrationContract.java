package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventcollector.Outcome;
import jakarta.servlet.FilterRegistration;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Registering by {@code ServletContext.addFilter}, with init parameters. */
interface RegistrationContract extends Contract {

  private void deploy(Map<String, String> initParameters) {
    world()
        .deploy(
            context -> {
              FilterRegistration.Dynamic filter =
                  world().addFilter(context, EventPublishingFilter.builder());
              filter.setInitParameters(initParameters);
              WebApps.addServlet(context, "/*", (request, response) -> world().enqueue("event"));
            });
  }

  @Test
  default void should_obey_init_parameters() {
    world().publisher.answerWith(Outcome.returned("no such queue"));
    deploy(
        Map.of(
            "mode", "require",
            "success", "200",
            "publishBeforeCommit", "false",
            "withdrawUnconfirmed", "true",
            "retryAfter", "7"));

    var response = world().get();

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("7");
    assertThat(world().collector.state().withdrawn()).isEqualTo(1);
  }

  @Test
  default void should_stop_the_deployment_when_init_parameters_are_wrong() {
    Throwable thrown =
        catchThrowable(
            () ->
                deploy(
                    Map.of(
                        "mode", "KEPT",
                        "success", "200-",
                        "publishBeforeCommit", "perhaps",
                        "withdrawUnconfirmed", "true",
                        "retryAfter", "0",
                        "timeout", "5")));

    StringWriter all = new StringWriter();
    thrown.printStackTrace(new PrintWriter(all));
    assertThat(all.toString())
        .contains(
            "the filter \"events\" cannot be deployed",
            "mode must be KEEP or REQUIRE, but is \"KEPT\"",
            "success must list statuses and ranges of statuses from 100 to 599, for example"
                + " 100-399,404, but is \"200-\"",
            "publishBeforeCommit must be true or false, but is \"perhaps\"",
            "retryAfter must be a whole number of seconds, at least 1, but is \"0\"",
            "withdrawUnconfirmed needs the mode REQUIRE",
            "timeout is not known");
  }
}
