package dev.eventcollector.spring;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Properties that may be left out. */
final class Given {

  private Given() {}

  /** Passes a value on if there is one. */
  static <T> void then(@Nullable T value, Consumer<T> setting) {
    if (value != null) {
      setting.accept(value);
    }
  }
}
