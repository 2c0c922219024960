package dev.eventcollector.examples.work.program;

import dev.eventcollector.examples.work.queue.Broker;
import dev.eventcollector.examples.work.queue.BrokerUris;
import dev.eventcollector.examples.work.storage.Database;
import dev.eventcollector.examples.work.storage.DatabaseUrl;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Settings that several programs have. */
public final class CommonOptions {

  private CommonOptions() {}

  /** Of all that run until they are told to end. */
  public static final class Ending {
    @Option(
        names = "--drain-timeout",
        paramLabel = "DRAIN_TIMEOUT",
        defaultValue = "15s",
        converter = Rules.AnyTime.class,
        description =
            "How long, after a SIGTERM, to go on with what was begun. Defaults to ${DEFAULT-VALUE}.")
    private Duration drainTimeout = Duration.ZERO;

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Shows this.")
    private boolean help;

    /** See its description. */
    public Duration drainTimeout() {
      return drainTimeout;
    }
  }

  /** Of all that use queues. */
  public static final class Queueing {
    @Option(
        names = "--amqp-uri",
        paramLabel = "AMQP_URI",
        converter = Rules.AmqpUris.class,
        description =
            "RabbitMQ, as amqp://user:password@host:5672/vhost; amqps:// for TLS; several nodes,"
                + " separated by commas. Without it a broker is started in this process, for trying"
                + " things out: what it holds ends with it.")
    private @Nullable BrokerUris uris;

    /** The broker that is set. */
    public Broker broker() {
      return Broker.of(uris);
    }
  }

  /** Of all that write to the database. */
  public static final class Storing {
    @Option(
        names = "--database-url",
        paramLabel = "DATABASE_URL",
        converter = Rules.Database.class,
        description =
            "PostgreSQL, as postgres://user:password@host:5432/database. Better in the environment:"
                + " a command line can be seen by others. Without it one is started beside this"
                + " process, for trying things out: what it holds ends with it.")
    private @Nullable DatabaseUrl url;

    /** The database that is set. */
    public Database open(int connections) throws IOException {
      return Database.open(url, connections);
    }
  }
}
