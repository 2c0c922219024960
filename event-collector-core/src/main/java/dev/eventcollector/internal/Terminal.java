package dev.eventcollector.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes text safe for a terminal, to which control characters from outside would be commands. */
public final class Terminal {

  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");
  private static final Pattern CONTROL_IN_LINES = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");

  private Terminal() {}

  /** Text for one line. */
  public static String line(String text) {
    return CONTROL.matcher(text).replaceAll("?");
  }

  /** Text that may have several lines. */
  public static String lines(@Nullable Object text) {
    return CONTROL_IN_LINES.matcher(String.valueOf(text)).replaceAll("?");
  }

  /** Puts a body among the values to show: as text, or in Base64 if it is no UTF-8. */
  public static void putBody(Map<String, Object> shown, byte[] body) {
    try {
      shown.put(
          "body", StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException e) {
      shown.put("bodyBase64", Base64.getEncoder().encodeToString(body));
    }
  }
}
