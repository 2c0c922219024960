package dev.eventcollector.examples.webhooks.settings;

import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.examples.support.settings.Draining;
import dev.eventcollector.examples.support.settings.Help;
import dev.eventcollector.examples.support.settings.Listening;
import dev.eventcollector.examples.support.settings.LogSetting;
import dev.eventcollector.examples.support.settings.SettingsReader;
import dev.eventcollector.examples.support.settings.WrongSettingException;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/**
 * The settings: by a flag, else by the environment variable that the flag's value is named after,
 * else the default.
 */
@Command(
    name = "github-webhooks",
    description = {
      "Receives GitHub's webhooks at /webhooks/github, queues them, and decides in the background"
          + " which workflows to run.%n",
      SettingsReader.HOW_TO_SET
    })
public final class Settings {

  /** Before the second attempt, the third, and so on: a single value on the command line. */
  public record Delays(List<Duration> list) {}

  @Option(
      names = "--webhook-secret",
      paramLabel = "WEBHOOK_SECRET",
      converter = Secrets.Rule.class,
      description =
          "The secret of the webhook in GitHub's settings; several, separated by commas, while one"
              + " replaces another. Better in the environment: a command line can be seen by others."
              + " Required, except by --demo.")
  private @Nullable Secrets webhookSecret;

  @Option(
      names = BrokerChoice.QUEUE,
      paramLabel = "FAKTORY_URL",
      converter = FaktoryUrl.Rule.class,
      description =
          "Faktory instead of RabbitMQ, as tcp://:password@host:7419; tcp+tls:// for TLS. In the"
              + " environment, FAKTORY_PROVIDER may name another variable that has it. Excludes"
              + " --amqp-uri; a flag for one broker wins over a variable for the other. Beside --demo"
              + " it is faktory, which is a stand-in in this process.")
  private @Nullable FaktoryUrl faktoryUrl;

  @Option(
      names = "--page-token",
      paramLabel = "PAGE_TOKEN",
      converter = PageToken.Rule.class,
      description =
          "What people have to know to see deliveries on the page at /, and to requeue or drop dead"
              + " ones. Without it one is made up and logged when the app listens at a loopback"
              + " address; at any other address the page is off. Better in the environment.")
  private @Nullable PageToken pageToken;

  @Option(
      names = "--workflows",
      paramLabel = "WORKFLOWS",
      converter = Limits.Workflows.class,
      description =
          "File that tells which workflows to run (YAML). It can be edited while the app runs: a"
              + " change counts within seconds, unless something is wrong with it. Defaults to the"
              + " sample.")
  private @Nullable WorkflowConfiguration workflows;

  @Option(
      names = "--worker-concurrency",
      paramLabel = "WORKER_CONCURRENCY",
      defaultValue = "4",
      converter = Limits.Concurrency.class,
      description = "How many deliveries are handled at a time. Defaults to ${DEFAULT-VALUE}.")
  private int workerConcurrency;

  @Option(
      names = "--retry-delays",
      paramLabel = "RETRY_DELAYS",
      defaultValue = "1s,5s,30s,2m,10m",
      converter = Limits.RetryDelays.class,
      description =
          "How long to wait before a delivery that failed is handled a second time, a third time,"
              + " and so on; after the last one it is parked. Defaults to ${DEFAULT-VALUE}. Faktory"
              + " has a schedule of its own.")
  private Delays retryDelays = new Delays(List.of());

  @Option(
      names = "--publish-timeout",
      paramLabel = "PUBLISH_TIMEOUT",
      defaultValue = "5s",
      converter = Limits.PublishTimeout.class,
      description =
          "How long the broker may take to confirm before the answer is 503; GitHub hangs up after"
              + " 10s. Defaults to ${DEFAULT-VALUE}.")
  private Duration publishTimeout = Duration.ZERO;

  @Option(
      names = "--request-timeout",
      paramLabel = "REQUEST_TIMEOUT",
      defaultValue = "10s",
      converter = Limits.RequestTimeout.class,
      description =
          "How long a request may take to arrive; GitHub itself hangs up after 10s. Defaults to"
              + " ${DEFAULT-VALUE}.")
  private Duration requestTimeout = Duration.ZERO;

  @Option(
      names = "--body-memory",
      paramLabel = "BODY_MEMORY",
      converter = Limits.BodyMegabytes.class,
      description =
          "How many megabytes the bodies that are being received may occupy together; beyond that"
              + " the answer is 503. Defaults to 128, but at most an eighth of the heap.")
  private @Nullable Integer bodyMemory;

  @Option(
      names = "--completed-memory",
      paramLabel = "COMPLETED_MEMORY",
      defaultValue = "100000",
      converter = Limits.CompletedMemory.class,
      description =
          "How many completed deliveries are remembered, to drop duplicates. Defaults to"
              + " ${DEFAULT-VALUE}.")
  private int completedMemory;

  @Option(
      names = "--demo",
      description =
          "Needs no set-up: starts a broker, makes a secret up, sends deliveries of its own, good"
              + " and bad, and shows what became of them. Ends with 0 if all numbers add up. Takes no"
              + " flag but --log-format and --queue.")
  private boolean demo;

  @Mixin private final BrokerUris.Setting broker = new BrokerUris.Setting();
  @Mixin private final Listening listening = new Listening();
  @Mixin private final Draining draining = new Draining();
  @Mixin private final LogSetting log = new LogSetting();
  @Mixin private final Help help = new Help();

  private Settings() {}

  /**
   * Reads and checks all settings.
   *
   * @throws WrongSettingException for the first that is wrong
   */
  public static Settings read(String[] args, Map<String, String> environment)
      throws WrongSettingException {
    Map<String, String> counting = BrokerChoice.among(args, environment);
    Settings settings = new Settings();
    ParseResult given = SettingsReader.read(SettingsReader.commandLine(settings, counting), args);
    if (settings.help().text() != null) {
      return settings;
    }
    if (settings.demo()) {
      refuseOthers(given);
    }
    boolean hasRetryDelays =
        given.hasMatchedOption("--retry-delays")
            || !counting.getOrDefault("RETRY_DELAYS", "").isEmpty();
    checkFaktory(settings, hasRetryDelays);
    if (!settings.demo() && settings.webhookSecret() == null) {
      throw new WrongSettingException(
          "--webhook-secret (WEBHOOK_SECRET) is not set: it must be the secret of the webhook in"
              + " GitHub's settings; only --demo does without");
    }
    return settings;
  }

  private static void checkFaktory(Settings settings, boolean hasRetryDelays)
      throws WrongSettingException {
    FaktoryUrl faktory = settings.faktoryUrl();
    if (faktory == null) {
      return;
    }
    if (settings.demo() != faktory.equals(FaktoryUrl.STAND_IN)) {
      throw new WrongSettingException(
          settings.demo()
              ? "--queue must be faktory beside --demo, which starts servers of its own"
              : "--queue (FAKTORY_URL): 'faktory' is for --demo only; it must look like"
                  + " tcp://:password@host:7419, or tcp+tls:// for TLS");
    }
    if (hasRetryDelays && !settings.demo()) {
      throw new WrongSettingException(
          "--retry-delays (RETRY_DELAYS) has no effect with Faktory, which retries by a schedule of"
              + " its own");
    }
  }

  private static void refuseOthers(ParseResult given) throws WrongSettingException {
    for (OptionSpec option : given.matchedOptions()) {
      String flag = option.longestName();
      if (!Set.of("--demo", "--log-format", BrokerChoice.QUEUE).contains(flag)) {
        throw new WrongSettingException(
            flag + " has no effect beside --demo, which brings settings of its own");
      }
    }
  }

  public @Nullable Secrets webhookSecret() {
    return webhookSecret;
  }

  public @Nullable FaktoryUrl faktoryUrl() {
    return faktoryUrl;
  }

  public @Nullable PageToken pageToken() {
    return pageToken;
  }

  public @Nullable WorkflowConfiguration workflows() {
    return workflows;
  }

  public int workerConcurrency() {
    return workerConcurrency;
  }

  public Delays retryDelays() {
    return retryDelays;
  }

  public Duration publishTimeout() {
    return publishTimeout;
  }

  public Duration requestTimeout() {
    return requestTimeout;
  }

  public @Nullable Integer bodyMemory() {
    return bodyMemory;
  }

  public int completedMemory() {
    return completedMemory;
  }

  public boolean demo() {
    return demo;
  }

  public BrokerUris.Setting broker() {
    return broker;
  }

  public Listening listening() {
    return listening;
  }

  public Draining draining() {
    return draining;
  }

  public LogSetting log() {
    return log;
  }

  public Help help() {
    return help;
  }
}
