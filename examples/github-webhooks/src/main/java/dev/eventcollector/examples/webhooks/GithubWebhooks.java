package dev.eventcollector.examples.webhooks;

import dev.eventcollector.examples.webhooks.app.WebhookApp;
import dev.eventcollector.examples.webhooks.demo.Demo;
import dev.eventcollector.examples.webhooks.demo.DemoBroker;
import dev.eventcollector.examples.webhooks.settings.Secrets;
import dev.eventcollector.examples.webhooks.settings.Settings;
import dev.eventcollector.examples.webhooks.settings.WrongSettingException;
import dev.eventcollector.examples.webhooks.workflows.ReloadingWorkflows;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.examples.webhooks.workflows.WorkflowMatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the app, and ends it when the process is told to (SIGTERM, SIGINT). */
public final class GithubWebhooks {

  private static final Logger LOGGER = LoggerFactory.getLogger(GithubWebhooks.class);
  private static final int FAILED = 1;
  private static final int WRONG_SETTING = 2;
  private static final Duration LOOK_AT_WORKFLOWS = Duration.ofSeconds(1);

  private GithubWebhooks() {}

  /** Ends with 0, 1 when something failed or was left undone, 2 when a setting is wrong. */
  public static void main(String[] arguments) throws InterruptedException {
    try {
      Settings settings = Settings.read(arguments, System.getenv());
      if (settings.logFormat().equals("json")) {
        JsonLogs.use();
      }
      if (settings.help()) {
        System.out.print(Settings.usage());
      } else if (settings.demo()) {
        System.exit(Demo.run(System.out, DemoBroker.of(settings), LogFile.use()) ? 0 : FAILED);
      } else {
        serve(settings);
      }
    } catch (WrongSettingException e) {
      fail(e, WRONG_SETTING);
    } catch (IOException | RuntimeException | Error e) {
      fail(e, FAILED); // threads that were started would keep the process alive
    }
  }

  private static void fail(Throwable reason, int exitCode) {
    boolean isWorded = reason instanceof IOException || reason instanceof WrongSettingException;
    String text = String.valueOf(isWorded ? reason.getMessage() : reason);
    System.err.println("github-webhooks: " + text.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " "));
    System.exit(exitCode);
  }

  private static void serve(Settings settings) throws IOException {
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
    WebhookApp app = WebhookApp.start(settings, workflows);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(app), "drain"));
  }

  /** Halts, because a JVM that was ended by a signal would exit with the signal's number. */
  private static void end(WebhookApp app) {
    int exitCode = FAILED;
    try {
      exitCode = app.drain() ? 0 : FAILED;
    } catch (RuntimeException e) {
      LOGGER.error("draining failed", e);
    } finally {
      Runtime.getRuntime().halt(exitCode);
    }
  }
}
