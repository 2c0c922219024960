package dev.eventcollector;

import org.jspecify.annotations.Nullable;

/** How a unit of work began, which decides how it ends. */
enum UnitKind {
  /** With the first event on a thread without a unit; publish or clear ends it. */
  IMPLICIT(
      "these events belong to a thread without a unit of work, which publishes or clears them"),
  /** With a block, on whose thread it ends. */
  OF_BLOCK("this unit of work ends with the block that began it, and not before"),
  /** On its own, for any thread that binds it. */
  FREE(null);

  private final @Nullable String whyNotByHand;

  UnitKind(@Nullable String whyNotByHand) {
    this.whyNotByHand = whyNotByHand;
  }

  void requireEndByHand() {
    if (whyNotByHand != null) {
      throw new IllegalStateException(whyNotByHand);
    }
  }
}
