package dev.eventcollector.examples.webhooks;

import dev.eventcollector.examples.support.logging.Logs;
import dev.eventcollector.examples.support.program.Program;
import dev.eventcollector.examples.webhooks.app.WebhookApp;
import dev.eventcollector.examples.webhooks.demo.Demo;
import dev.eventcollector.examples.webhooks.demo.DemoBroker;
import dev.eventcollector.examples.webhooks.settings.Secrets;
import dev.eventcollector.examples.webhooks.settings.Settings;
import dev.eventcollector.examples.webhooks.workflows.ReloadingWorkflows;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.examples.webhooks.workflows.WorkflowMatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the app; a SIGTERM or SIGINT drains it. */
public final class GithubWebhooks {

  private static final Logger LOGGER = LoggerFactory.getLogger(GithubWebhooks.class);
  private static final Duration LOOK_AT_WORKFLOWS = Duration.ofSeconds(1);

  private GithubWebhooks() {}

  /** Ends with 0, 1 when something failed or was left undone, 2 when a setting is wrong. */
  public static void main(String[] arguments) {
    Program.run("github-webhooks", () -> run(arguments));
  }

  private static void run(String[] arguments) throws Exception {
    Settings settings = Settings.read(arguments, System.getenv());
    if (Program.print(settings.help().text())) {
      return;
    }
    settings.log().apply();
    if (settings.demo()) {
      boolean isRight = Demo.run(System.out, DemoBroker.of(settings), moveLog());
      System.exit(isRight ? Program.SUCCEEDED : Program.FAILED);
    }
    Program.serve(parts -> start(settings), settings.draining().timeout());
  }

  /** The new place of the log: a temporary file, or the console if none can be created. */
  private static String moveLog() {
    try {
      Path file = Files.createTempFile("github-webhooks-demo", ".log");
      Logs.moveTo(file);
      return file.toString();
    } catch (IOException e) {
      return "the console, as there is no temporary file (" + e.getMessage() + ")";
    }
  }

  private static WebhookApp start(Settings settings) throws IOException {
    WorkflowConfiguration configured = settings.workflows();
    WorkflowConfiguration first = configured == null ? WorkflowConfiguration.sample() : configured;
    LOGGER.info(
        "{} workflow(s) of {} are in force: {}",
        first.workflows().size(),
        first.source(),
        first.names());
    first.warnings().forEach(LOGGER::warn);
    WorkflowMatcher workflows =
        configured == null
            ? first
            : ReloadingWorkflows.start(Path.of(configured.source()), configured, LOOK_AT_WORKFLOWS);
    Secrets secrets = settings.webhookSecret();
    LOGGER.info("deliveries are signed with one of {}", secrets);
    return WebhookApp.start(settings, workflows);
  }
}
