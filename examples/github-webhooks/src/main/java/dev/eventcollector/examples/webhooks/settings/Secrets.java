package dev.eventcollector.examples.webhooks.settings;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The secrets that deliveries may be signed with: several while one is being replaced by another.
 */
public final class Secrets {

  private final List<byte[]> keys;

  private Secrets(List<byte[]> keys) {
    this.keys = keys;
  }

  /**
   * Reads secrets that are separated by commas; blanks around them do not count.
   *
   * @throws IllegalArgumentException says what is wrong, and never what the secret is
   */
  public static Secrets parse(String text) {
    List<String> secrets = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    if (secrets.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "must be one secret or several separated by commas, but secret %d of %d is empty",
              secrets.indexOf("") + 1,
              secrets.size()));
    }
    return new Secrets(secrets.stream().map(Secrets::key).toList());
  }

  public static byte[] key(String secret) {
    return secret.getBytes(StandardCharsets.UTF_8);
  }

  public List<byte[]> keys() {
    return keys;
  }

  /** How many there are, and no more. */
  @Override
  public String toString() {
    return keys.size() + " secret(s)";
  }

  /** Secrets that are separated by commas. */
  static final class Rule extends dev.eventcollector.examples.support.settings.Rule<Secrets> {
    @Override
    protected Secrets read(String value) {
      return parse(value);
    }
  }
}
