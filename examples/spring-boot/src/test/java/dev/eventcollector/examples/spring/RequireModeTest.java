package dev.eventcollector.examples.spring;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.Answer;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.spring.EventCollectorTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** A request whose transaction has committed waits for the confirms, where it is told to. */
@SpringBootTest(
    properties = {
      "event-collector.filter.mode=require",
      "event-collector.outbox.enabled=false",
      "event-collector.publish-timeout=200ms"
    })
@AutoConfigureMockMvc
@EventCollectorTest
class RequireModeTest {

  @Test
  void should_answer_503_when_the_events_of_the_transaction_are_not_confirmed(
      @Autowired MockMvcTester mvc, InMemoryEventCollector events) {
    assertThat(mvc.post().uri("/orders/61")).hasStatus(201);

    events.publisher().otherwise(Answer.notSent("no broker"));
    assertThat(mvc.post().uri("/orders/62")).hasStatus(503);

    events.publisher().confirmEverything();
  }
}
