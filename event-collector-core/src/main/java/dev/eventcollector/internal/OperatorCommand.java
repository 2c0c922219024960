package dev.eventcollector.internal;

import dev.eventcollector.EventCollectorException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A command line for operators: options, then a command and its key. Prints its result to standard
 * output, as JSON if wanted, and everything else to standard error. For one run.
 */
public abstract class OperatorCommand {

  /** Exit status of a command that is done. */
  protected static final int DONE = 0;

  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;
  private static final int LARGEST_PAGE = 10_000;
  private static final int USUAL_PAGE = 50;

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private final String usage;
  private final Set<String> optionsWithValue;
  private final Map<String, String> options = new HashMap<>();
  private final Deque<String> words = new ArrayDeque<>();

  /**
   * Takes {@code --json}, {@code --help}, {@code --offset} and {@code --limit}, too.
   *
   * @param optionsWithValue the command's own options, each of which needs a value
   */
  protected OperatorCommand(
      PrintStream out,
      PrintStream err,
      Map<String, String> environment,
      String usage,
      Set<String> optionsWithValue) {
    this.out = out;
    this.err = err;
    this.environment = environment;
    this.usage = usage;
    this.optionsWithValue = optionsWithValue;
  }

  /** Makes a command. */
  @FunctionalInterface
  protected interface New {
    /** Makes it with these streams and this environment. */
    OperatorCommand with(PrintStream out, PrintStream err, Map<String, String> environment);
  }

  /** Runs a command as a process, which ends with its exit status. */
  protected static void exit(New command, String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err); // for log lines, which the application's configuration may print
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(command.with(out, err, System.getenv()).run(arguments));
  }

  /** Does what the arguments say, and returns the exit status. */
  public final int run(String... arguments) {
    try {
      read(new ArrayDeque<>(List.of(arguments)));
      if (options.containsKey("--help")) {
        out.print(usage);
        return DONE;
      }
      return execute(words.isEmpty() ? "" : words.remove());
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.print(usage);
      return WRONG_USE;
    } catch (EventCollectorException e) {
      return failed(e);
    } catch (RuntimeException e) {
      throw e; // a fault of ours, with its stack
    } catch (Exception e) {
      return failed(e);
    }
  }

  private int failed(Exception failure) {
    err.println(printable(String.valueOf(failure.getMessage())));
    return FAILED;
  }

  /**
   * Does one command.
   *
   * @return the exit status
   * @throws IllegalArgumentException for wrong use
   */
  protected abstract int execute(String command) throws Exception;

  /** A failure's message without secrets. */
  protected String printable(String message) {
    return message;
  }

  private void read(Deque<String> arguments) {
    while (!arguments.isEmpty()) {
      String one = arguments.remove();
      if (one.equals("--json") || one.equals("--help")) {
        options.put(one, "");
      } else if (optionsWithValue.contains(one)
          || one.equals("--offset")
          || one.equals("--limit")) {
        if (arguments.isEmpty()) {
          throw new IllegalArgumentException(one + " needs a value");
        }
        options.put(one, arguments.remove());
      } else if (one.startsWith("-")) {
        throw new IllegalArgumentException("unknown option: " + Terminal.line(one));
      } else {
        words.add(one);
      }
    }
  }

  /** The value of an option; null if it was not given. */
  protected final @Nullable String option(String name) {
    return options.get(name);
  }

  /** The value of an environment variable; null if it is not set. */
  protected final @Nullable String variable(String name) {
    return environment.get(name);
  }

  /** The {@code --offset} of a page. */
  protected final int offset() {
    return number("--offset", 0, 0, Integer.MAX_VALUE);
  }

  /** The {@code --limit} of a page. */
  protected final int limit() {
    return number("--limit", USUAL_PAGE, 1, LARGEST_PAGE);
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

  /** The one word behind a command. */
  protected final String key(String command, String whose) {
    if (words.size() != 1) {
      throw new IllegalArgumentException(command + " needs the key of one " + whose);
    }
    return words.remove();
  }

  /** Refuses words behind a command that takes none. */
  protected final void requireAlone(String command) {
    if (!words.isEmpty()) {
      throw new IllegalArgumentException(command + " needs nothing after it");
    }
  }

  /** The answer to a command that is none. */
  protected static IllegalArgumentException unknown(String command) {
    return new IllegalArgumentException(
        command.isEmpty() ? "no command" : "unknown command: " + Terminal.line(command));
  }

  /** Prints a count. */
  protected final int said(String what, long count) {
    out.println(isJson() ? Json.of(Map.of(what, count)) : count);
    return DONE;
  }

  /** Prints that one thing was changed, or that it is not there. */
  protected final int changed(String what, boolean found, String whose) {
    if (found) {
      return said(what, 1);
    }
    err.println("there is no such " + whose);
    return FAILED;
  }

  /** Prints a page: a line for each, or JSON. */
  protected final <T> int list(
      List<T> page, Function<T, Map<String, Object>> summary, Function<T, String> line) {
    if (isJson()) {
      List<Object> all = new ArrayList<>();
      page.forEach(one -> all.add(summary.apply(one)));
      out.println(Json.of(all));
    } else {
      page.forEach(one -> out.println(line.apply(one)));
    }
    return DONE;
  }

  /** Prints everything about one thing, or that it is not there. */
  protected final int show(Optional<Map<String, Object>> found, String whose) {
    if (found.isEmpty()) {
      return changed("shown", false, whose);
    }
    if (isJson()) {
      out.println(Json.of(found.get()));
    } else {
      found.get().forEach((name, value) -> out.println(name + ": " + Terminal.lines(value)));
    }
    return DONE;
  }

  private boolean isJson() {
    return options.containsKey("--json");
  }
}
