package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DescribedTest {

  /** Two objects that name each other. */
  private static final class Node {
    private Node other = this;

    @Override
    public String toString() {
      return "Node(" + other + ")";
    }
  }

  private static final class Hostile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("closed");
    }

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("closed");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new IllegalStateException("closed");
    }
  }

  @Test
  void should_name_the_type_when_the_exception_cannot_be_read() {
    assertThat(Described.of(new Hostile()))
        .startsWith(Hostile.class.getName())
        .contains("IllegalStateException");
    assertThat(Described.stackOf(new Hostile())).isEmpty();
    assertThat(Described.withCauses(new Hostile())).hasSize(1);
  }

  @Test
  void should_name_the_type_when_the_message_recurses_without_end() {
    Node node = new Node();
    RuntimeException endless =
        new RuntimeException() {
          private static final long serialVersionUID = 1L;

          @Override
          public String getMessage() {
            return "cannot save " + node;
          }
        };

    assertThat(Described.of(endless)).contains("StackOverflowError");
  }

  @Test
  void should_name_the_type_when_the_exception_describes_itself_as_null() {
    Exception nothing =
        new Exception() {
          private static final long serialVersionUID = 1L;

          @Override
          public @Nullable String toString() {
            return null;
          }
        };
    assertThat(Described.of(nothing)).startsWith(getClass().getName());
  }

  @Test
  void should_end_when_causes_lead_in_a_circle() {
    Exception one = new Exception("one");
    Exception two = new Exception("two", one);
    one.initCause(two);

    assertThat(Described.withCauses(one)).containsExactly(one, two);
    assertThat(Described.find(one, IllegalStateException.class)).isNull();
  }

  @Test
  void should_shorten_between_characters() {
    String text = "x".repeat(499) + "\uD83D\uDE00" + "y".repeat(10);

    String shortened = Described.shortened(text);

    assertThat(shortened).endsWith("x...");
    assertThat(new String(shortened.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(shortened);
  }
}
