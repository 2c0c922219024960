package dev.eventcollector.servlet;

/** Tells how many bytes a text becomes. */
final class Utf8 {

  private Utf8() {}

  static long lengthOf(CharSequence text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += lengthOf(text.charAt(i));
    }
    return bytes;
  }

  /** Half a character of two surrogates counts for two bytes of its four. */
  static int lengthOf(char c) {
    return c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }

  /** The index, or the next one where that would split a pair of surrogates. */
  static int endOfCharacter(String text, int index) {
    return Character.isHighSurrogate(text.charAt(index - 1)) ? index + 1 : index;
  }
}
