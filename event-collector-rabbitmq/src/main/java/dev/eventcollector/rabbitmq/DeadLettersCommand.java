package dev.eventcollector.rabbitmq;

import dev.eventcollector.internal.OperatorCommand;
import dev.eventcollector.internal.Terminal;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@link DeadLetters} on the command line:
 *
 * <pre>{@code
 * java -cp "$CLASSPATH" dev.eventcollector.rabbitmq.DeadLettersCommand --queue orders list
 * }</pre>
 */
final class DeadLettersCommand extends OperatorCommand {

  private static final String WHOSE = "dead letter";

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

  DeadLettersCommand(PrintStream out, PrintStream err, Map<String, String> environment) {
    super(out, err, environment, USAGE, Set.of("--queue", "--dead", "--uri"));
  }

  public static void main(String[] arguments) {
    exit(DeadLettersCommand::new, arguments);
  }

  @Override
  protected int execute(String command) throws IOException {
    try (DeadLetters letters = letters()) {
      return switch (command) {
        case "list" -> {
          requireAlone(command);
          yield list(letters.list(offset(), limit()), DeadLetterText::summary, this::line);
        }
        case "count" -> {
          requireAlone(command);
          yield said("count", letters.count());
        }
        case "requeue-all" -> {
          requireAlone(command);
          yield said("requeued", letters.requeueAll());
        }
        case "show" ->
            show(letters.show(key(command, WHOSE)).map(DeadLetterText::everything), WHOSE);
        case "requeue" -> changed("requeued", letters.requeue(key(command, WHOSE)), WHOSE);
        case "drop" -> changed("dropped", letters.drop(key(command, WHOSE)), WHOSE);
        default -> throw unknown(command);
      };
    }
  }

  private DeadLetters letters() {
    DeadLettersBuilder builder = DeadLetters.builder();
    String queue = option("--queue");
    if (queue == null) {
      throw new IllegalArgumentException("--queue is missing");
    }
    builder.queue(queue);
    String uri = option("--uri") != null ? option("--uri") : variable("AMQP_URI");
    if (uri != null && uri.isBlank()) {
      throw new IllegalArgumentException(
          option("--uri") != null
              ? "--uri is empty"
              : "the environment's AMQP_URI is empty; set it, unset it, or use --uri");
    }
    if (uri != null) {
      builder.uri(uri);
    }
    String dead = option("--dead");
    if (dead != null) {
      builder.deadQueue(dead);
    }
    return builder.build();
  }

  private String line(DeadLetter one) {
    return String.format(
        Locale.ROOT,
        "%s  %s  %d  %s  %s",
        one.key(),
        one.lastFailure() == null ? "-" : one.lastFailure(),
        one.delivery().attempt(),
        Terminal.line(orDash(one.delivery().messageId())),
        Terminal.line(one.reason()));
  }

  private static String orDash(@Nullable String text) {
    return text == null ? "-" : text;
  }
}
