package dev.eventcollector.outbox;

import dev.eventcollector.EventCollectorException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
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
final class OutboxCommand {

  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;
  private static final int LARGEST_PAGE = 10_000;
  private static final int LARGEST_BATCH = 500;
  private static final String URL = "OUTBOX_JDBC_URL";
  private static final String USER = "OUTBOX_JDBC_USER";
  private static final String PASSWORD = "OUTBOX_JDBC_PASSWORD";
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

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private final Map<String, String> options = new HashMap<>();
  private final Deque<String> words = new ArrayDeque<>();

  OutboxCommand(PrintStream out, PrintStream err, Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.environment = environment;
  }

  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err); // for log lines, which the application's configuration may print
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(new OutboxCommand(out, err, System.getenv()).run(arguments));
  }

  /** Does what the arguments say, and returns the exit status. */
  int run(String... arguments) {
    try {
      read(new ArrayDeque<>(List.of(arguments)));
      if (options.containsKey("--help")) {
        out.print(USAGE);
        return DONE;
      }
      Job job = job();
      try (Connection connection = connection()) {
        return job.run(new ParkedTable(connection));
      }
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.print(USAGE);
      return WRONG_USE;
    } catch (SQLException | EventCollectorException e) {
      err.println(withoutUrl(String.valueOf(e.getMessage())));
      return FAILED;
    }
  }

  private void read(Deque<String> arguments) {
    while (!arguments.isEmpty()) {
      String one = arguments.remove();
      switch (one) {
        case "--json", "--help" -> options.put(one, "");
        case "--url", "--user", "--offset", "--limit" -> {
          if (arguments.isEmpty()) {
            throw new IllegalArgumentException(one + " needs a value");
          }
          options.put(one, arguments.remove());
        }
        default -> {
          if (one.startsWith("-")) {
            throw new IllegalArgumentException("unknown option: " + ParkedText.line(one));
          }
          words.add(one);
        }
      }
    }
  }

  private @Nullable String setting(String option, String variable) {
    return options.getOrDefault(option, environment.get(variable));
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
    String password = environment.get(PASSWORD);
    if (password != null) {
      login.setProperty("password", password);
    }
    return DriverManager.getConnection(url, login);
  }

  /** A URL may have a password in it. */
  private String withoutUrl(String message) {
    String url = setting("--url", URL);
    return url == null || url.isBlank() ? message : message.replace(url, "the JDBC URL");
  }

  /** A command that has its arguments. */
  @FunctionalInterface
  private interface Job {
    int run(ParkedTable table) throws SQLException;
  }

  private Job job() {
    String command = words.isEmpty() ? "" : words.remove();
    return switch (command) {
      case "list" -> {
        int offset = number("--offset", 0, 0, Integer.MAX_VALUE);
        int limit = number("--limit", 50, 1, LARGEST_PAGE);
        yield alone(command, table -> list(table.list(offset, limit)));
      }
      case "count" -> alone(command, table -> said("count", table.count()));
      case "requeue-all" -> alone(command, this::requeueAll);
      case "show" -> {
        ParkedTable.Key key = key(command);
        yield table -> show(table.find(key));
      }
      case "requeue" -> {
        ParkedTable.Key key = key(command);
        yield table -> changed("requeued", table.requeue(List.of(key)) == 1);
      }
      case "discard" -> {
        ParkedTable.Key key = key(command);
        yield table -> changed("discarded", table.discard(key));
      }
      default ->
          throw new IllegalArgumentException(
              command.isEmpty() ? "no command" : "unknown command: " + ParkedText.line(command));
    };
  }

  private Job alone(String command, Job job) {
    if (!words.isEmpty()) {
      throw new IllegalArgumentException(command + " needs nothing after it");
    }
    return job;
  }

  private ParkedTable.Key key(String command) {
    Matcher key = KEY.matcher(words.size() == 1 ? words.remove() : "");
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

  private int number(String option, int otherwise, int least, int most) {
    String value = options.get(option);
    try {
      int number = value == null ? otherwise : Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // as if it were out of range
    }
    throw new IllegalArgumentException(
        option + " must be a number from " + least + " to " + most + ", but is " + value);
  }

  private boolean json() {
    return options.containsKey("--json");
  }

  private int said(String what, long count) {
    out.println(json() ? ParkedText.json(Map.of(what, count)) : count);
    return DONE;
  }

  private int changed(String what, boolean found) {
    if (found) {
      return said(what, 1);
    }
    err.println("there is no such parked event");
    return FAILED;
  }

  /** As many as are parked now, by no clock; requeued batches stay so when a later one fails. */
  private int requeueAll(ParkedTable table) throws SQLException {
    long requeued = 0;
    try {
      List<ParkedTable.Key> batch;
      for (long left = table.count(); left > 0; left -= batch.size()) {
        batch = table.keys((int) Math.min(left, LARGEST_BATCH));
        if (batch.isEmpty()) {
          break; // others have requeued or discarded the rest
        }
        requeued += table.requeue(batch);
      }
    } catch (SQLException e) {
      throw new SQLException(requeued + " requeued, then: " + e.getMessage(), e);
    }
    return said("requeued", requeued);
  }

  private int list(List<ParkedEvent> page) {
    if (json()) {
      List<Object> all = new ArrayList<>();
      page.forEach(one -> all.add(ParkedText.summary(one)));
      out.println(ParkedText.json(all));
      return DONE;
    }
    for (ParkedEvent one : page) {
      out.println(
          String.format(
              Locale.ROOT,
              "%s  %s  %d  %s  %s  %s",
              ParkedText.key(one),
              one.parkedAt(),
              one.attempts(),
              ParkedText.line(one.event().queue()),
              ParkedText.line(one.event().id()),
              ParkedText.line(one.reason())));
    }
    return DONE;
  }

  private int show(Optional<ParkedEvent> found) {
    if (found.isEmpty()) {
      return changed("shown", false);
    }
    Map<String, Object> everything = ParkedText.everything(found.get());
    if (json()) {
      out.println(ParkedText.json(everything));
    } else {
      everything.forEach((name, value) -> out.println(name + ": " + ParkedText.lines(value)));
    }
    return DONE;
  }
}
