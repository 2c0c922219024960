package dev.eventcollector.examples.webhooks.settings;

import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What can be set: by a flag, else by the environment variable that the flag's value is named
 * after, else the default.
 */
@Command(
    name = "github-webhooks",
    usageHelpWidth = 110,
    description = {
      "Receives GitHub's webhooks at /webhooks/github, queues them, and decides in the background"
          + " which workflows to run.%n",
      "Every setting is a flag, or the environment variable that is named as its value is here."
          + " The flag wins.%n"
    })
public interface Settings {

  @Option(
      names = "--webhook-secret",
      paramLabel = "WEBHOOK_SECRET",
      converter = SettingRules.WebhookSecrets.class,
      description =
          "The secret of the webhook in GitHub's settings; several, separated by commas, while one"
              + " replaces another. Better in the environment: a command line can be seen by others."
              + " Required, except by --demo.")
  @Nullable Secrets webhookSecret();

  @Option(
      names = "--amqp-uri",
      paramLabel = "AMQP_URI",
      converter = SettingRules.AmqpUris.class,
      description =
          "RabbitMQ, as amqp://user:password@host:5672/vhost; amqps:// for TLS; several nodes,"
              + " separated by commas. Without it a broker is started in this process, for trying"
              + " things out: what it holds ends with it.")
  @Nullable BrokerUris amqpUris();

  @Option(
      names = BrokerChoice.QUEUE,
      paramLabel = "FAKTORY_URL",
      converter = SettingRules.Faktory.class,
      description =
          "Faktory instead of RabbitMQ, as tcp://:password@host:7419; tcp+tls:// for TLS. In the"
              + " environment, FAKTORY_PROVIDER may name another variable that has it. Excludes"
              + " --amqp-uri; a flag for one broker wins over a variable for the other. Beside --demo"
              + " it is faktory, which is a stand-in in this process.")
  @Nullable FaktoryUrl faktoryUrl();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      converter = SettingRules.Port.class,
      description = "Where to listen; 0 for any port that is free. Defaults to ${DEFAULT-VALUE}.")
  int port();

  @Option(
      names = "--bind-address",
      paramLabel = "BIND_ADDRESS",
      defaultValue = "127.0.0.1",
      converter = SettingRules.Address.class,
      description =
          "The address to listen at; 0.0.0.0 for all of this machine's. Defaults to"
              + " ${DEFAULT-VALUE}.")
  String bindAddress();

  @Option(
      names = "--page-token",
      paramLabel = "PAGE_TOKEN",
      converter = SettingRules.Token.class,
      description =
          "What people have to know to see deliveries on the page at /, and to requeue or drop dead"
              + " ones. Without it one is made up and logged when the app listens at a loopback"
              + " address; at any other address the page is off. Better in the environment.")
  @Nullable PageToken pageToken();

  @Option(
      names = "--workflows",
      paramLabel = "WORKFLOWS",
      converter = SettingRules.Workflows.class,
      description =
          "File that tells which workflows to run (YAML). It can be edited while the app runs: a"
              + " change counts within seconds, unless something is wrong with it. Defaults to the"
              + " sample.")
  @Nullable WorkflowConfiguration workflows();

  @Option(
      names = "--worker-concurrency",
      paramLabel = "WORKER_CONCURRENCY",
      defaultValue = "4",
      converter = SettingRules.Concurrency.class,
      description = "How many deliveries are handled at a time. Defaults to ${DEFAULT-VALUE}.")
  int workerConcurrency();

  @Option(
      names = "--retry-delays",
      paramLabel = "RETRY_DELAYS",
      defaultValue = "1s,5s,30s,2m,10m",
      converter = SettingRules.RetryDelays.class,
      description =
          "How long to wait before a delivery that failed is handled a second time, a third time,"
              + " and so on; after the last one it is parked. Defaults to ${DEFAULT-VALUE}. Faktory"
              + " has a schedule of its own.")
  Delays retryDelays();

  /** A list, but one that is a single value on the command line. */
  record Delays(List<Duration> list) {}

  @Option(
      names = "--publish-timeout",
      paramLabel = "PUBLISH_TIMEOUT",
      defaultValue = "5s",
      converter = SettingRules.PublishTimeout.class,
      description =
          "How long the broker may take to confirm before the answer is 503; GitHub hangs up after"
              + " 10s. Defaults to ${DEFAULT-VALUE}.")
  Duration publishTimeout();

  @Option(
      names = "--request-timeout",
      paramLabel = "REQUEST_TIMEOUT",
      defaultValue = "10s",
      converter = SettingRules.RequestTimeout.class,
      description =
          "How long a request may take to arrive; GitHub itself hangs up after 10s. Defaults to"
              + " ${DEFAULT-VALUE}.")
  Duration requestTimeout();

  @Option(
      names = "--body-memory",
      paramLabel = "BODY_MEMORY",
      converter = SettingRules.BodyMegabytes.class,
      description =
          "How many megabytes the bodies that are being received may occupy together; beyond that"
              + " the answer is 503. Defaults to 128, but at most an eighth of the heap.")
  @Nullable Integer bodyMemory();

  @Option(
      names = "--drain-timeout",
      paramLabel = "DRAIN_TIMEOUT",
      defaultValue = "10s",
      converter = SettingRules.DrainTimeout.class,
      description =
          "How long, after a SIGTERM, to go on publishing and handling what was taken in. Defaults"
              + " to ${DEFAULT-VALUE}.")
  Duration drainTimeout();

  @Option(
      names = "--completed-memory",
      paramLabel = "COMPLETED_MEMORY",
      defaultValue = "100000",
      converter = SettingRules.CompletedMemory.class,
      description =
          "How many completed deliveries are remembered, to drop duplicates. Defaults to"
              + " ${DEFAULT-VALUE}.")
  int completedMemory();

  @Option(
      names = "--log-format",
      paramLabel = "LOG_FORMAT",
      defaultValue = "text",
      converter = SettingRules.LogFormat.class,
      description = "text for people or json for machines. Defaults to ${DEFAULT-VALUE}.")
  String logFormat();

  @Option(
      names = "--demo",
      description =
          "Needs no set-up: starts a broker, makes a secret up, sends deliveries of its own, good"
              + " and bad, and shows what became of them. Ends with 0 if all numbers add up. Takes no"
              + " flag but --log-format and --queue.")
  boolean demo();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  boolean help();

  /**
   * Reads and checks all settings.
   *
   * @throws WrongSettingException for the first that is wrong
   */
  static Settings read(String[] args, Map<String, String> environment)
      throws WrongSettingException {
    Map<String, String> counting = BrokerChoice.among(args, environment);
    CommandLine commandLine =
        new CommandLine(Settings.class).setDefaultValueProvider(SettingRules.from(counting));
    try {
      commandLine.parseArgs(args);
    } catch (ParameterException e) {
      throw new WrongSettingException(messageOf(e), e);
    }
    Settings settings = commandLine.getCommand();
    if (settings.demo() && !settings.help()) {
      refuseOthers(commandLine.getParseResult());
    }
    if (!settings.help()) {
      checkFaktory(
          settings,
          commandLine.getParseResult().hasMatchedOption("--retry-delays")
              || !counting.getOrDefault("RETRY_DELAYS", "").isEmpty());
    }
    if (!settings.help() && !settings.demo() && settings.webhookSecret() == null) {
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

  private static String messageOf(ParameterException e) {
    return e.getArgSpec() instanceof OptionSpec option && e.getCause() != null
        ? String.format(
            Locale.ROOT,
            "%s (%s): %s",
            option.longestName(),
            option.paramLabel(),
            e.getCause().getMessage())
        : String.valueOf(e.getMessage());
  }

  /** All settings and their defaults. */
  static String usage() {
    return new CommandLine(Settings.class).getUsageMessage();
  }
}
