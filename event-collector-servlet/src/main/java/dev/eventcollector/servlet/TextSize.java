package dev.eventcollector.servlet;

import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Computes the number of bytes of a text in a charset. */
final class TextSize {

  /** A UTF-16 or UTF-32 mark, or the escapes of ISO 2022. */
  private static final int MARK = 4;

  private final Charset charset;
  private final boolean utf8;
  private final boolean oneByte;

  private static final TextSize UTF_8 = new TextSize(StandardCharsets.UTF_8);

  private TextSize(Charset charset) {
    this.charset = charset;
    utf8 = charset.equals(StandardCharsets.UTF_8);
    oneByte = !utf8 && charset.newEncoder().maxBytesPerChar() == 1;
  }

  /** In UTF-8 when the name is not that of an encoding charset: the container decides about it. */
  static TextSize in(@Nullable String name) {
    if (name == null) {
      return UTF_8;
    }
    try {
      Charset charset = Charset.forName(name);
      boolean known = charset.canEncode() && !charset.equals(UTF_8.charset);
      return known ? new TextSize(charset) : UTF_8;
    } catch (IllegalArgumentException e) {
      return UTF_8;
    }
  }

  /** Whether a text may be encoded in several parts, because there are no marks or escapes. */
  boolean isDivisible() {
    return utf8 || oneByte;
  }

  /** The length of a text encoded on its own, with marks and escapes. */
  long lengthAlone(CharSequence text) {
    return length(text) + (isDivisible() ? 0 : MARK);
  }

  /** The length of a part of a text, without the marks and escapes of the whole. */
  long length(CharSequence text) {
    if (oneByte) {
      return text.length();
    }
    if (!utf8) {
      Charset unmarked =
          charset.equals(StandardCharsets.UTF_16) ? StandardCharsets.UTF_16BE : charset;
      return unmarked.encode(CharBuffer.wrap(text)).remaining();
    }
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += inUtf8(text.charAt(i));
    }
    return bytes;
  }

  long length(char c) {
    return utf8 ? inUtf8(c) : oneByte ? 1 : length(String.valueOf(c));
  }

  /** Each of two surrogates counts for two of the character's four bytes. */
  private static int inUtf8(char c) {
    return c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }

  /** The index, or the next one if the index would split a surrogate pair. */
  static int endOfCharacter(String text, int index) {
    return Character.isHighSurrogate(text.charAt(index - 1)) ? index + 1 : index;
  }
}
