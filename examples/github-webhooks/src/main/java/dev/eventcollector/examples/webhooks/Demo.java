package dev.eventcollector.examples.webhooks;

import dev.eventcollector.CollectorState;
import dev.eventcollector.examples.webhooks.Counters.Handling;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Runs the app on a broker and with a secret of its own, sends it deliveries good and bad over
 * HTTP, takes the broker away for a moment, and shows what became of everything.
 */
final class Demo {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String secret = newSecret();
  private final String oldSecret = newSecret();
  private final DemoScript script = new DemoScript(secret, oldSecret);
  private final FailingTwice workflows =
      new FailingTwice(WorkflowConfiguration.sample(), script.failingDelivery());
  private final Tally<String> runs = new Tally<>();
  private final DemoReport report = new DemoReport(workflows, runs);
  private final HttpClient client = HttpClient.newHttpClient();

  private Demo() {}

  /** Whether all numbers added up. */
  static boolean run(PrintStream out) throws IOException, InterruptedException {
    return new Demo().runAndReport(out);
  }

  private static String newSecret() {
    byte[] bytes = new byte[20];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private boolean runAndReport(PrintStream out) throws IOException, InterruptedException {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      WebhookApp app = WebhookApp.start(settings(broker), workflows);
      try (RabbitMqWorker runner = runnerOf(broker, app)) {
        send(app, script.goodOnes());
        send(app, script.badOnes());
        awaitAllHandled(app);
        TimeUnit.MILLISECONDS.sleep(200); // let the broker read the last acknowledgements
        broker.stop();
        send(app, List.of(script.duringOutage()));
        broker.restart();
        awaitAllHandled(app);
        send(app, List.of(script.afterOutage()));
        awaitAllHandled(app);
      }
      boolean drained = app.drain();
      return report.print(out, app.counters(), app.state(), drained);
    }
  }

  private Settings settings(EmbeddedBroker broker) {
    String[] flags = {
      "--webhook-secret",
      secret + "," + oldSecret,
      "--amqp-uri",
      broker.uri(),
      "--port",
      "0",
      "--retry-delays",
      "100ms,200ms"
    };
    try {
      return Settings.read(flags, Map.of());
    } catch (WrongSettingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stands for what would run the workflows: takes the runs out of their queue. */
  private RabbitMqWorker runnerOf(EmbeddedBroker broker, WebhookApp app) {
    return RabbitMqWorker.builder()
        .uri(broker.uri())
        .queue(Queues.WORKFLOW_RUNS)
        .retryDelays()
        .collector(app.events())
        .handler((run, events) -> runs.add(String.valueOf(run.messageId())))
        .start();
  }

  private void send(WebhookApp app, List<DemoStep> steps) throws IOException, InterruptedException {
    for (DemoStep step : steps) {
      report.answered(step, step.delivery().sendTo(app.address(), client).statusCode());
    }
  }

  private void awaitAllHandled(WebhookApp app) {
    Counters counters = app.counters();
    await(
        () ->
            counters.handled.count(Handling.COMPLETED) + counters.handled.count(Handling.DUPLICATE)
                >= counters.enqueued.count(Queues.GITHUB_EVENTS));
    await(
        () -> {
          CollectorState state = app.state();
          return runs.total() + state.withdrawn() + state.cleared()
              >= counters.enqueued.count(Queues.WORKFLOW_RUNS);
        });
  }

  /** Waits, but not for ever: when something never comes, the report shows that it is missing. */
  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
