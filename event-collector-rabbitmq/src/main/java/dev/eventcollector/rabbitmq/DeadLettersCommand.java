package dev.eventcollector.rabbitmq;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@link DeadLetters} on the command line:
 *
 * <pre>{@code
 * java -cp "$CLASSPATH" dev.eventcollector.rabbitmq.DeadLettersCommand --queue orders list
 * }</pre>
 */
final class DeadLettersCommand {

  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;

  private static final String USAGE =
      """
      usage: DeadLettersCommand --queue QUEUE [OPTIONS] COMMAND
      commands:
        list            one line for each: key, last failure, attempts, message id, reason
        count           how many there are
        show KEY        everything about one: properties, headers, stack trace and body too
        requeue KEY     has one handled again, from its first attempt on
        requeue-all     has all handled again that are there now
        drop KEY        removes one for good
      options:
        --queue QUEUE   the queue that the worker consumes
        --dead QUEUE    its dead-letter queue, if that is not QUEUE.dead
        --uri URI       the broker; defaults to the environment's AMQP_URI, which no other user of
                        this machine can read, or else amqp://guest:guest@localhost:5672
        --offset N      list: how many to skip, 0 by default
        --limit N       list: how many at most, 50 by default, 10000 at most
        --json          prints JSON, and nothing else; log lines go to standard error
      exit status: 0 when done, 1 when it failed or there is no such dead letter, 2 for wrong use
      """;

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private final Map<String, String> options = new HashMap<>();
  private final Deque<String> words = new ArrayDeque<>();

  DeadLettersCommand(PrintStream out, PrintStream err, Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.environment = environment;
  }

  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err); // for log lines, which the application's configuration may print
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(new DeadLettersCommand(out, err, System.getenv()).run(arguments));
  }

  /** Does what the arguments say, and returns the exit status. */
  int run(String... arguments) {
    try {
      read(new ArrayDeque<>(List.of(arguments)));
      if (options.containsKey("--help")) {
        out.print(USAGE);
        return DONE;
      }
      try (DeadLetters letters = letters()) {
        return command(letters);
      }
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.print(USAGE);
      return WRONG_USE;
    } catch (IOException e) {
      err.println(e.getMessage());
      return FAILED;
    }
  }

  private void read(Deque<String> arguments) {
    while (!arguments.isEmpty()) {
      String one = arguments.remove();
      switch (one) {
        case "--json", "--help" -> options.put(one, "");
        case "--queue", "--dead", "--uri", "--offset", "--limit" -> {
          if (arguments.isEmpty()) {
            throw new IllegalArgumentException(one + " needs a value");
          }
          options.put(one, arguments.remove());
        }
        default -> {
          if (one.startsWith("-")) {
            throw new IllegalArgumentException("unknown option: " + Terminal.line(one));
          }
          words.add(one);
        }
      }
    }
  }

  private DeadLetters letters() {
    DeadLettersBuilder builder = DeadLetters.builder();
    String queue = options.get("--queue");
    if (queue == null) {
      throw new IllegalArgumentException("--queue is missing");
    }
    builder.queue(queue);
    String uri = options.containsKey("--uri") ? options.get("--uri") : environment.get("AMQP_URI");
    if (uri != null && uri.isBlank()) {
      throw new IllegalArgumentException(
          options.containsKey("--uri")
              ? "--uri is empty"
              : "the environment's AMQP_URI is empty; set it, unset it, or use --uri");
    }
    if (uri != null) {
      builder.uri(uri);
    }
    String dead = options.get("--dead");
    if (dead != null) {
      builder.deadQueue(dead);
    }
    return builder.build();
  }

  private int command(DeadLetters letters) throws IOException {
    String command = words.isEmpty() ? "" : words.remove();
    int status =
        switch (command) {
          case "list" -> list(letters);
          case "count" -> said("count", letters.count());
          case "show" -> show(letters, key(command));
          case "requeue" -> changed("requeued", letters.requeue(key(command)));
          case "requeue-all" -> said("requeued", letters.requeueAll());
          case "drop" -> changed("dropped", letters.drop(key(command)));
          default ->
              throw new IllegalArgumentException(
                  command.isEmpty() ? "no command" : "unknown command: " + Terminal.line(command));
        };
    return status;
  }

  private String key(String command) {
    if (words.size() != 1) {
      throw new IllegalArgumentException(command + " needs the key of one dead letter");
    }
    return words.remove();
  }

  private int number(String option, int otherwise) {
    String value = options.get(option);
    try {
      return value == null ? otherwise : Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + " must be a number, but is " + value);
    }
  }

  private boolean json() {
    return options.containsKey("--json");
  }

  private int said(String what, long count) {
    out.println(json() ? Json.of(Map.of(what, count)) : count);
    return DONE;
  }

  private int changed(String what, boolean found) {
    if (found) {
      return said(what, 1);
    }
    err.println("there is no such dead letter");
    return FAILED;
  }

  private int list(DeadLetters letters) throws IOException {
    List<DeadLetter> page = letters.list(number("--offset", 0), number("--limit", 50));
    if (json()) {
      List<Object> all = new ArrayList<>();
      page.forEach(one -> all.add(DeadLetterText.summary(one)));
      out.println(Json.of(all));
      return DONE;
    }
    for (DeadLetter one : page) {
      out.println(
          String.format(
              Locale.ROOT,
              "%s  %s  %d  %s  %s",
              one.key(),
              one.lastFailure() == null ? "-" : one.lastFailure(),
              one.delivery().attempt(),
              Terminal.line(orDash(one.delivery().messageId())),
              Terminal.line(one.reason())));
    }
    return DONE;
  }

  private static String orDash(@Nullable String text) {
    return text == null ? "-" : text;
  }

  private int show(DeadLetters letters, String key) throws IOException {
    Optional<DeadLetter> found = letters.show(key);
    if (found.isEmpty()) {
      return changed("shown", false);
    }
    Map<String, Object> everything = DeadLetterText.everything(found.get());
    if (json()) {
      out.println(Json.of(everything));
    } else {
      everything.forEach((name, value) -> out.println(name + ": " + Terminal.lines(value)));
    }
    return DONE;
  }
}
