package dev.eventcollector.examples.work.storage;

import dev.eventcollector.examples.support.program.OpenParts;
import dev.eventcollector.examples.support.settings.PortRule;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a PostgreSQL is, and as whom to connect. It may contain a password, and never shows it. */
public record DatabaseUrl(String jdbcUrl, @Nullable String user, @Nullable String password) {

  private static final String RULE =
      "it must be a URL such as postgres://user:password@host:5432/database";
  private static final int DEFAULT_PORT = 5432;

  /** Containers often have an underscore in their name, in which java.net.URI finds no host. */
  private static final Pattern SERVER =
      Pattern.compile("(?:([^@]*)@)?(\\[[0-9A-Fa-f:.%]+]|[0-9A-Za-z._-]+)(?::(\\d{1,5}))?");

  /**
   * Reads a URL; parameters after a {@code ?} are the JDBC driver's.
   *
   * @throws IllegalArgumentException tells the rule, and not the value, which may have a password
   */
  public static DatabaseUrl parse(String text) {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(RULE);
    }
    String scheme = String.valueOf(uri.getScheme());
    String path = uri.getRawPath();
    Matcher server = SERVER.matcher(String.valueOf(uri.getRawAuthority()));
    if (!scheme.equals("postgres") && !scheme.equals("postgresql")
        || uri.getRawAuthority() == null
        || !server.matches()
        || path == null
        || path.length() < 2) {
      throw new IllegalArgumentException(RULE);
    }
    String parameters = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    int port = server.group(3) == null ? DEFAULT_PORT : Integer.parseInt(server.group(3));
    if (port < 1 || port > PortRule.MAX) {
      throw new IllegalArgumentException(RULE);
    }
    String userInfo = server.group(1);
    String[] user = userInfo == null ? new String[0] : userInfo.split(":", 2);
    return new DatabaseUrl(
        String.format(
            Locale.ROOT, "jdbc:postgresql://%s:%d%s%s", server.group(2), port, path, parameters),
        user.length > 0 ? decode(user[0]) : null,
        user.length > 1 ? decode(user[1]) : null);
  }

  /** A URL of a PostgreSQL. */
  public static final class Rule
      extends dev.eventcollector.examples.support.settings.Rule<DatabaseUrl> {
    @Override
    protected DatabaseUrl read(String value) {
      return parse(value);
    }
  }

  /** The flag {@code --database-url}, or {@code DATABASE_URL}, of programs that write to it. */
  public static final class Setting {
    @Option(
        names = "--database-url",
        paramLabel = "DATABASE_URL",
        converter = Rule.class,
        description =
            "PostgreSQL, as postgres://user:password@host:5432/database. Better in the environment:"
                + " a command line can be seen by others. Without it one is started beside this"
                + " process, for trying things out: its content ends with it.")
    private @Nullable DatabaseUrl url;

    /** Opens the database that is set, or an embedded one. */
    public Database open(int connections, OpenParts parts) throws IOException {
      return parts.add(Database.open(url, connections));
    }
  }

  private static String decode(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Without user, password and parameters. */
  @Override
  public String toString() {
    return jdbcUrl.substring("jdbc:".length()).replaceFirst("\\?.*", "");
  }
}
