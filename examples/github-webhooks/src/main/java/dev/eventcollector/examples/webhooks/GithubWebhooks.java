package dev.eventcollector.examples.webhooks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.LoggerFactory;

/** Starts the app, and ends it when the process is told to (SIGTERM, SIGINT). */
public final class GithubWebhooks {

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
        System.exit(Demo.run(System.out) ? 0 : FAILED);
      } else {
        serve(settings);
      }
    } catch (WrongSettingException e) {
      fail(e, WRONG_SETTING);
    } catch (IOException e) {
      fail(e, FAILED);
    }
  }

  private static void fail(Exception reason, int exitCode) {
    System.err.println("github-webhooks: " + reason.getMessage());
    System.exit(exitCode);
  }

  private static void serve(Settings settings) throws IOException {
    WorkflowConfiguration configured = settings.workflows();
    WorkflowMatcher workflows =
        configured == null
            ? WorkflowConfiguration.sample()
            : ReloadingWorkflows.start(Path.of(configured.source()), configured, LOOK_AT_WORKFLOWS);
    WebhookApp app = WebhookApp.start(settings, workflows);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(app), "drain"));
  }

  /** Halts, because a JVM that was ended by a signal would exit with the signal's number. */
  private static void end(WebhookApp app) {
    int exitCode = FAILED;
    try {
      exitCode = app.drain() ? 0 : FAILED;
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(GithubWebhooks.class).error("draining failed", e);
    } finally {
      Runtime.getRuntime().halt(exitCode);
    }
  }
}
