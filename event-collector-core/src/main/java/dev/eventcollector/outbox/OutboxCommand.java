package dev.eventcollector.outbox;

import dev.eventcollector.internal.OperatorCommand;
import dev.eventcollector.internal.Terminal;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parked events on the command line, whether a process with the outbox runs or not:
 *
 * <pre>{@code
 * java -cp "$CLASSPATH" dev.eventcollector.outbox.OutboxCommand list
 * }</pre>
 */
final class OutboxCommand extends OperatorCommand {

  private static final int LARGEST_BATCH = 500;
  private static final String URL = "OUTBOX_JDBC_URL";
  private static final String USER = "OUTBOX_JDBC_USER";
  private static final String PASSWORD = "OUTBOX_JDBC_PASSWORD";
  private static final String WHOSE = "parked event";
  private static final Pattern KEY = Pattern.compile("(\\d{1,19})-(\\d{1,19})");

  private static final String USAGE =
      """
      usage: OutboxCommand [OPTIONS] COMMAND
      commands:
        list            one line for each parked event: key, when it was parked, attempts, queue,
                        event id, reason
        count           how many there are
        show KEY        everything about one: headers and body too
        requeue KEY     has one published again, under the same id
        requeue-all     has all published again that are parked now
        discard KEY     deletes one for good
      options:
        --url URL       the JDBC URL of the database; defaults to the environment's
                        OUTBOX_JDBC_URL
        --user NAME     defaults to the environment's OUTBOX_JDBC_USER
        --offset N      list: how many to skip, 0 by default
        --limit N       list: how many at most, 50 by default, 10000 at most
        --json          prints JSON, and nothing else; log lines go to standard error
      The password is read from the environment's OUTBOX_JDBC_PASSWORD, which no other user of
      this machine can read. The class path needs the driver of the database.
      exit status: 0 when done, 1 when it failed or there is no such event, 2 for wrong use
      """;

  OutboxCommand(PrintStream out, PrintStream err, Map<String, String> environment) {
    super(out, err, environment, USAGE, Set.of("--url", "--user"));
  }

  public static void main(String[] arguments) {
    exit(OutboxCommand::new, arguments);
  }

  @Override
  protected int execute(String command) throws SQLException {
    Job job = job(command);
    try (Connection connection = connection()) {
      return job.run(ParkedTable.ofOperator(connection));
    }
  }

  /** A command that has its arguments: wrong ones need no database to be found. */
  @FunctionalInterface
  private interface Job {
    int run(ParkedTable table) throws SQLException;
  }

  private Job job(String command) {
    return switch (command) {
      case "list" -> {
        int offset = offset();
        int limit = limit();
        yield alone(
            command,
            table ->
                list(table.summaries(offset, limit), ParkedText::summary, OutboxCommand::line));
      }
      case "count" -> alone(command, table -> said("count", table.count()));
      case "requeue-all" -> alone(command, this::requeueAll);
      case "show" -> {
        ParkedTable.Key key = key(command);
        yield table -> show(table.find(key).map(ParkedText::everything), WHOSE);
      }
      case "requeue" -> {
        ParkedTable.Key key = key(command);
        yield table -> changed("requeued", table.requeue(List.of(key)) == 1, WHOSE);
      }
      case "discard" -> {
        ParkedTable.Key key = key(command);
        yield table -> changed("discarded", table.discard(key), WHOSE);
      }
      default -> throw unknown(command);
    };
  }

  private Job alone(String command, Job job) {
    requireAlone(command);
    return job;
  }

  private ParkedTable.Key key(String command) {
    Matcher key = KEY.matcher(key(command, WHOSE));
    try {
      if (key.matches()) {
        return new ParkedTable.Key(Long.parseLong(key.group(1)), Long.parseLong(key.group(2)));
      }
    } catch (NumberFormatException e) {
      // it is no key either
    }
    throw new IllegalArgumentException(
        command + " needs the key of one parked event, as list prints it");
  }

  private @Nullable String setting(String option, String variable) {
    String given = option(option);
    return given == null ? variable(variable) : given;
  }

  private Connection connection() throws SQLException {
    String url = setting("--url", URL);
    if (url == null || url.isBlank()) {
      throw new IllegalArgumentException("--url is missing or empty, and so is " + URL);
    }
    Properties login = new Properties();
    String user = setting("--user", USER);
    if (user != null) {
      login.setProperty("user", user);
    }
    String password = variable(PASSWORD);
    if (password != null) {
      login.setProperty("password", password);
    }
    return DriverManager.getConnection(url, login);
  }

  /** A URL may have a password in it. */
  @Override
  protected String printable(String message) {
    String url = setting("--url", URL);
    return url == null || url.isBlank() ? message : message.replace(url, "the JDBC URL");
  }

  /** As many as are parked now, by no clock; requeued batches stay so when a later one fails. */
  private int requeueAll(ParkedTable table) throws SQLException {
    long requeued = 0;
    try {
      List<ParkedTable.Key> batch;
      for (long left = table.count(); left > 0; left -= batch.size()) {
        batch = table.keys((int) Math.min(left, LARGEST_BATCH));
        if (batch.isEmpty()) {
          break; // another process has requeued or discarded the rest
        }
        requeued += table.requeue(batch);
      }
    } catch (SQLException e) {
      throw new SQLException(requeued + " requeued, then: " + e.getMessage(), e);
    }
    return said("requeued", requeued);
  }

  private static String line(ParkedEvent one) {
    return String.format(
        Locale.ROOT,
        "%s  %s  %d  %s  %s  %s",
        ParkedText.key(one),
        one.parkedAt(),
        one.attempts(),
        Terminal.line(one.event().queue()),
        Terminal.line(one.event().id()),
        Terminal.line(one.reason()));
  }
}
