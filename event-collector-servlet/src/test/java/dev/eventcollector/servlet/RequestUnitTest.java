package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.PublishingEventCollector;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cases that no container produces on demand. */
final class RequestUnitTest {

  private final RecordingPublisher publisher = new RecordingPublisher();
  private final PublishingEventCollector collector =
      PublishingEventCollector.builder(publisher).build();
  private final RequestUnit unit =
      RequestUnit.begin(
          collector,
          FilterSettings.DEFAULTS,
          without(HttpServletRequest.class),
          without(HttpServletResponse.class));

  @AfterEach
  void close() {
    collector.close();
  }

  /** Has nothing, and forgets everything. */
  private static <T> T without(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null));
  }

  @Test
  void should_drop_events_of_work_that_begins_after_the_end_of_its_request() {
    unit.fail();

    unit.run(() -> collector.enqueueEvent("late", "events"));

    assertThat(collector.state().cleared()).isEqualTo(1);
    assertThat(collector.eventsToPublish()).isEmpty();
    assertThat(publisher.published()).isEmpty();
  }

  @Test
  void should_publish_events_of_a_listener_when_it_is_called_after_the_end() {
    unit.fail();

    unit.callBack(() -> collector.enqueueEvent("late", "events"));

    assertThat(publisher.published()).containsExactly("late");
  }

  @Test
  void should_have_no_async_context_when_the_request_has_none_trap_69() {
    HttpServletRequest request = without(HttpServletRequest.class); // spring-test's throws nothing

    assertThat(new UnitRequest(unit, request, without(HttpServletResponse.class)).getAsyncContext())
        .isNull();
  }
}
