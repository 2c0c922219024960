package dev.eventcollector.examples.webhooks.settings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The secret that opens the page's data. */
public final class PageToken {

  private static final Pattern RULE = Pattern.compile("[!-~]{16,200}");

  private static final int RANDOM_BYTES = 16;

  private final byte[] hash;

  private PageToken(byte[] hash) {
    this.hash = hash;
  }

  /** The text of a token that nobody can guess. */
  public static String random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Reads a token.
   *
   * @throws IllegalArgumentException says what it must be, and never what it is
   */
  public static PageToken parse(String text) {
    if (!RULE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "must be 16 to 200 printable ASCII characters without blanks; it has %d character(s)",
              text.length()));
    }
    return new PageToken(hash(text));
  }

  /** Takes as long for a near miss as for any other; hashes, so that lengths do not tell either. */
  public boolean matches(@Nullable String claimed) {
    return claimed != null && MessageDigest.isEqual(hash, hash(claimed));
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Does not tell it. */
  @Override
  public String toString() {
    return "a token";
  }

  /** A token that is long enough not to be guessed. */
  static final class Rule extends dev.eventcollector.examples.support.settings.Rule<PageToken> {
    @Override
    protected PageToken read(String value) {
      return parse(value);
    }
  }
}
