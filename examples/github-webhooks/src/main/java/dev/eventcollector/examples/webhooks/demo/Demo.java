package dev.eventcollector.examples.webhooks.demo;

import dev.eventcollector.CollectorState;
import dev.eventcollector.examples.support.settings.WrongSettingException;
import dev.eventcollector.examples.webhooks.app.WebhookApp;
import dev.eventcollector.examples.webhooks.history.Counters;
import dev.eventcollector.examples.webhooks.history.Counters.Handling;
import dev.eventcollector.examples.webhooks.history.Tally;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.settings.Settings;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
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
public final class Demo {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String secret = newSecret();
  private final String oldSecret = newSecret();
  private final DemoScript script = new DemoScript(secret, oldSecret);
  private final FailingTwice workflows =
      new FailingTwice(WorkflowConfiguration.sample(), script.failingDelivery());
  private final Tally<String> runs = new Tally<>();
  private final DemoReport report = new DemoReport(workflows, runs);
  private final HttpClient client = HttpClient.newHttpClient();

  private final DemoBroker broker;

  private Demo(DemoBroker broker) {
    this.broker = broker;
  }

  /**
   * Whether all numbers added up. Closes the broker.
   *
   * @param log where the log goes, for the reader
   */
  public static boolean run(PrintStream out, DemoBroker broker, String log)
      throws IOException, InterruptedException {
    out.println(
        "A receiver of GitHub's webhooks gets deliveries: signed, forged, malformed, sent twice,");
    out.println(
        "one whose handling fails twice, and one while its broker is dead. All of it runs in this");
    out.println("process. It takes a few seconds; the log goes to " + log + ".");
    return new Demo(broker).runAndReport(out);
  }

  private static String newSecret() {
    byte[] bytes = new byte[20];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private boolean runAndReport(PrintStream out) throws IOException, InterruptedException {
    try (broker) {
      WebhookApp app = WebhookApp.start(settings(), workflows);
      await(() -> app.trouble() == null); // or the first request has to wait for that, too
      workflows.enqueueInto(app.events());
      // Stands for what would run the workflows: takes the runs out of their queue.
      try (Closeable runner =
          broker.takeRuns(
              app.events(), (run, events) -> runs.add(String.valueOf(run.messageId())))) {
        send(app, script.goodOnes());
        send(app, script.badOnes());
        awaitAllHandled(app);
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

  private Settings settings() {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--webhook-secret",
                secret + "," + oldSecret,
                "--port",
                "0",
                "--publish-timeout",
                "8s"));
    flags.addAll(broker.flags());
    try {
      return Settings.read(flags.toArray(String[]::new), Map.of());
    } catch (WrongSettingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void send(WebhookApp app, List<DemoStep> steps) throws IOException, InterruptedException {
    for (DemoStep step : steps) {
      report.answered(step, step.delivery().sendTo(app.address(), client).statusCode());
    }
  }

  private void awaitAllHandled(WebhookApp app) {
    Counters counters = app.counters();
    await(
        () -> {
          broker.onRetries(counters.handled.count(Handling.RETRIED));
          return counters.handled.count(Handling.COMPLETED)
                  + counters.handled.count(Handling.DUPLICATE)
              >= counters.enqueued.count(Queues.GITHUB_EVENTS);
        });
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
