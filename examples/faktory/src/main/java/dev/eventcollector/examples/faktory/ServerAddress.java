package dev.eventcollector.examples.faktory;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where a Faktory server listens. Its text form has no password.
 *
 * <p>Not read by {@link java.net.URI}, which finds no host in a name with an underscore, as many
 * containers have.
 *
 * @param username for proxies; Faktory ignores it
 */
record ServerAddress(
    String host, int port, boolean tls, @Nullable String username, @Nullable String password) {

  static final String DEFAULT = "tcp://localhost:7419";

  private static final String RULE =
      " must look like tcp://:password@host:7419, or tcp+tls:// for TLS, with other characters than"
          + " letters and digits percent-encoded in the password";
  private static final int DEFAULT_PORT = 7419;
  private static final int MAX_PORT = 65_535;

  /**
   * The address that the environment names, as all Faktory clients read it: {@code
   * FAKTORY_PROVIDER} is the name of the variable with the URL, {@code FAKTORY_URL} the URL.
   *
   * @throws IllegalArgumentException names the variable and the rule, and never the URL
   */
  static ServerAddress fromEnvironment(UnaryOperator<@Nullable String> environment) {
    String provider = environment.apply("FAKTORY_PROVIDER");
    if (provider == null) {
      String url = environment.apply("FAKTORY_URL");
      return parse(url == null ? DEFAULT : url, "FAKTORY_URL");
    }
    if (!provider.matches("\\w+")) {
      throw new IllegalArgumentException(
          "FAKTORY_PROVIDER must be the name of the variable that has the URL, not a URL");
    }
    String url = environment.apply(provider);
    if (url == null) {
      throw new IllegalArgumentException(
          "FAKTORY_PROVIDER names the variable " + provider + ", which is not set");
    }
    return parse(url, provider);
  }

  /**
   * Reads a URL.
   *
   * @param name of the setting, for messages
   * @throws IllegalArgumentException says what is wrong, and never the URL, which has a password
   */
  static ServerAddress parse(String url, String name) {
    String text = url.strip();
    int scheme = text.indexOf("://");
    String protocol = scheme < 0 ? "" : text.substring(0, scheme).toLowerCase(Locale.ROOT);
    boolean tls = protocol.equals("tcp+tls");
    if (!tls && !protocol.equals("tcp")) {
      throw wrong(name, scheme < 0 ? "it has no scheme" : "its scheme is another");
    }
    String rest = text.substring(scheme + 3);
    int at = rest.lastIndexOf('@');
    String place = rest.substring(at + 1);
    if (place.endsWith("/")) {
      place = place.substring(0, place.length() - 1);
    }
    String user = at < 0 ? null : rest.substring(0, at);
    int colon = user == null ? -1 : user.indexOf(':');
    String username = user == null ? null : colon < 0 ? user : user.substring(0, colon);
    String password = user == null || colon < 0 ? null : user.substring(colon + 1);
    return new ServerAddress(
        host(place, name),
        port(place, name),
        tls,
        decoded(username, name),
        decoded(password, name));
  }

  private static String host(String place, String name) {
    String host = place.substring(0, endOfHost(place, name));
    if (host.startsWith("[")) {
      return host.substring(1, host.length() - 1);
    }
    if (!host.matches("[a-zA-Z0-9._-]+")) {
      throw wrong(name, "it has no valid host");
    }
    return host;
  }

  private static int endOfHost(String place, String name) {
    if (!place.startsWith("[")) {
      return place.indexOf(':') < 0 ? place.length() : place.indexOf(':');
    }
    int end = place.indexOf(']') + 1;
    if (!place.substring(1, Math.max(1, end - 1)).matches("[0-9a-fA-F:.%]+")) {
      throw wrong(name, "it has no valid host");
    }
    return end;
  }

  private static int port(String place, String name) {
    String port = place.substring(endOfHost(place, name));
    if (port.isEmpty()) {
      return DEFAULT_PORT;
    }
    if (port.matches(":\\d{1,5}")) {
      int number = Integer.parseInt(port.substring(1));
      if (number >= 1 && number <= MAX_PORT) {
        return number;
      }
    }
    throw wrong(name, "its port is not from 1 to 65535, or something follows it");
  }

  /** Percent-decoded; unlike in forms, a plus sign is a plus sign. */
  private static @Nullable String decoded(@Nullable String text, String name) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        int end = Character.isHighSurrogate(c) && i + 1 < text.length() ? i + 2 : i + 1;
        bytes.writeBytes(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
        i = end - 1;
      } else if (text.substring(i + 1, Math.min(i + 3, text.length())).matches("[0-9a-fA-F]{2}")) {
        bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        throw wrong(name, "a percent sign in user or password is not followed by two hex digits");
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException wrong(String name, String what) {
    return new IllegalArgumentException(name + RULE + "; " + what);
  }

  /** Without user and password. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s://%s:%d",
        tls ? "tcp+tls" : "tcp",
        host.contains(":") ? "[" + host + "]" : host,
        port);
  }
}
