package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.servlet.EventPublishingFilter;
import dev.eventcollector.testkit.InMemoryEventCollector;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Makes sure that the build tries both paths. */
class PathTest {

  @Test
  void should_find_the_library_on_the_path_that_is_tried() {
    var modules =
        Stream.of(EventCollector.class, RabbitMqWorker.class, EventPublishingFilter.class)
            .map(type -> type.getModule().getName());

    if ("module path".equals(System.getProperty("path"))) {
      assertThat(modules)
          .containsExactly(
              "dev.eventcollector.core",
              "dev.eventcollector.rabbitmq",
              "dev.eventcollector.servlet");
    } else {
      assertThat(modules).containsOnlyNulls();
    }
    assertThat(InMemoryEventCollector.class.getModule().isNamed()).isFalse();
  }
}
