package dev.eventcollector.internal;

/** Text that UTF-8 can express; Java's encoder writes a question mark for other text. */
public final class Unicode {

  private Unicode() {}

  /** The index of a surrogate without its other half; -1 if there is none. */
  public static int loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      if (one < Character.MIN_SURROGATE || one > Character.MAX_SURROGATE) {
        continue;
      }
      boolean pair =
          Character.isHighSurrogate(one)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (!pair) {
        return i;
      }
      i++;
    }
    return -1;
  }
}
