package dev.eventcollector.examples.faktory;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.rabbitmq.CompletedDeliveries;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link FaktoryWorker}.
 *
 * <p>Not safe for use by many threads.
 */
public final class FaktoryWorkerBuilder {

  private static final int MAX_CONCURRENCY = 1_000;
  private static final Duration LONGEST_BEAT_INTERVAL = Duration.ofSeconds(30);

  private final Connector.Options connection = new Connector.Options();
  private List<String> queues = List.of();
  private List<String> labels = List.of("java");
  private @Nullable DeliveryHandler handler;
  private int concurrency = 1;
  private Duration attemptTimeout = Reservations.DEFAULT_ATTEMPT_TIMEOUT;
  private Duration holdTimeout = Reservations.MOST;
  private Duration stopTimeout = Duration.ofSeconds(25);
  private Duration beatInterval = Duration.ofSeconds(15);
  private CompletedDeliveries completedDeliveries = CompletedDeliveries.none();
  private final List<FaktoryWorkerListener> listeners = new ArrayList<>();
  private EventCollector collector = EventCollector.threadSingletonInstance();
  private LongSupplier clock = System::nanoTime;

  FaktoryWorkerBuilder() {}

  /**
   * The server: {@code tcp://:password@host:7419}, or {@code tcp+tls://} for TLS; in the password,
   * other characters than letters and digits are percent-encoded. Defaults to the variable that
   * {@code FAKTORY_PROVIDER} names, else to {@code FAKTORY_URL}, else to {@code
   * tcp://localhost:7419}.
   */
  public FaktoryWorkerBuilder url(String value) {
    connection.url = Objects.requireNonNull(value, "url");
    return this;
  }

  /**
   * Trusts the server, and identifies us to it, over TLS. Certificates and host names are always
   * verified. Defaults to the JVM's default context.
   */
  public FaktoryWorkerBuilder sslContext(SSLContext value) {
    connection.sslContext = Objects.requireNonNull(value, "sslContext");
    return this;
  }

  /** How long connecting may take, TLS and greeting included. Defaults to 3 seconds. */
  public FaktoryWorkerBuilder connectTimeout(Duration value) {
    connection.connectTimeout = Objects.requireNonNull(value, "connectTimeout");
    return this;
  }

  /** The queues to fetch from; the first that has a job is taken. Required. */
  public FaktoryWorkerBuilder queues(String... values) {
    queues = List.of(values);
    return this;
  }

  /** Shown on the server's page of workers. Defaults to {@code java}. */
  public FaktoryWorkerBuilder labels(String... values) {
    labels = List.of(values);
    return this;
  }

  /** Handles each job. Required. */
  public FaktoryWorkerBuilder handler(DeliveryHandler value) {
    handler = Objects.requireNonNull(value, "handler");
    return this;
  }

  /**
   * How many jobs are handled at the same time; each takes one connection, of 2,000 that a server
   * has for all. At most 1,000. Defaults to 1, which keeps the order of the queue, but for jobs
   * that are retried.
   */
  public FaktoryWorkerBuilder concurrency(int value) {
    concurrency = value;
    return this;
  }

  /**
   * How long a handler may take before it is interrupted and has failed; less when the job is not
   * reserved that long. At most 23 hours. Tell it to the publisher, too. Defaults to 10 minutes.
   */
  public FaktoryWorkerBuilder attemptTimeout(Duration value) {
    attemptTimeout = Objects.requireNonNull(value, "attemptTimeout");
    return this;
  }

  /**
   * How long a job is held that failed by no fault of its own, because its events are not confirmed
   * or the collector is full; then it is failed, which uses up one of its retries. Defaults to as
   * long as the job is reserved.
   */
  public FaktoryWorkerBuilder holdTimeout(Duration value) {
    holdTimeout = Objects.requireNonNull(value, "holdTimeout");
    return this;
  }

  /**
   * How long {@code close()}, or the server's wish to terminate, lets running handlers finish.
   * Defaults to 25 seconds; the server expects a worker to be gone within 30.
   */
  public FaktoryWorkerBuilder stopTimeout(Duration value) {
    stopTimeout = Objects.requireNonNull(value, "stopTimeout");
    return this;
  }

  /**
   * How often the worker reports itself; the server forgets one that is silent for a minute. At
   * most 30 seconds. Defaults to 15 seconds.
   */
  public FaktoryWorkerBuilder beatInterval(Duration value) {
    beatInterval = Objects.requireNonNull(value, "beatInterval");
    return this;
  }

  /**
   * Remembers completed jobs by the id of their event, so that one that comes again is acknowledged
   * at once. One that comes while the first is being handled waits for its end, and occupies a
   * thread meanwhile. Defaults to {@link CompletedDeliveries#none()}.
   */
  public FaktoryWorkerBuilder completedDeliveries(CompletedDeliveries value) {
    completedDeliveries = Objects.requireNonNull(value, "completedDeliveries");
    return this;
  }

  /** Receives what becomes of jobs, after those set before. Defaults to none. */
  public FaktoryWorkerBuilder listener(FaktoryWorkerListener value) {
    listeners.add(Objects.requireNonNull(value, "listener"));
    return this;
  }

  /**
   * Collects the handler's events, for whichever publisher it has. Defaults to {@link
   * EventCollector#threadSingletonInstance()}, which has to be installed for the process, as the
   * worker has threads of its own.
   */
  public FaktoryWorkerBuilder collector(EventCollector value) {
    collector = Objects.requireNonNull(value, "collector");
    return this;
  }

  /** By which reservations are reckoned; for tests. */
  FaktoryWorkerBuilder clock(LongSupplier value) {
    clock = value;
    return this;
  }

  /** Asks as the worker's threads will: without one, every job would fail. */
  private static void requireInstalled() {
    try {
      CompletableFuture.runAsync(EventCollectors::current).join();
    } catch (CompletionException e) {
      throw new IllegalStateException(
          "no event collector is installed for the process, so give the worker one by collector(...)",
          e.getCause());
    }
  }

  /**
   * A worker that connects in the background, and again whenever a connection is lost.
   *
   * @throws IllegalArgumentException when settings are wrong; the message names all of them and
   *     shows no password
   * @throws IllegalStateException when the collector is the installed one and none is installed
   */
  public FaktoryWorker start() {
    List<String> problems = new ArrayList<>();
    if (queues.isEmpty()) {
      problems.add("queues must be set");
    }
    for (String queue : queues) {
      if (!JobLimits.isQueueName(queue)) {
        problems.add(
            "queues must have names of letters, digits, dots, dashes and underscores only, but one"
                + String.format(Locale.ROOT, " is \"%s\"", Json.encodable(queue)));
      }
    }
    if (handler == null) {
      problems.add("handler must be set");
    }
    if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
      problems.add(
          String.format(
              Locale.ROOT,
              "concurrency must be from 1 to %d, but is %d",
              MAX_CONCURRENCY,
              concurrency));
    }
    Reservations.check(attemptTimeout, problems);
    requireNotNegative(holdTimeout, "holdTimeout", problems);
    requireNotNegative(stopTimeout, "stopTimeout", problems);
    if (beatInterval.isNegative()
        || beatInterval.isZero()
        || beatInterval.compareTo(LONGEST_BEAT_INTERVAL) > 0) {
      problems.add("beatInterval must be positive and at most 30 seconds, but is " + beatInterval);
    }
    if (!labels.stream().allMatch(Json::isEncodable)) {
      problems.add("labels must be valid Unicode");
    }
    String wid = UUID.randomUUID().toString();
    Connector connector =
        connection.connector(
            new Hello.Identity(wid, hostname(), ProcessHandle.current().pid(), labels), problems);
    if (!problems.isEmpty() || connector == null) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    if (collector == EventCollector.threadSingletonInstance()) {
      requireInstalled();
    }
    return new FaktoryWorker(
            new WorkerSettings(
                connector,
                wid,
                queues,
                concurrency,
                attemptTimeout,
                holdTimeout,
                stopTimeout,
                beatInterval,
                completedDeliveries,
                List.copyOf(listeners),
                collector,
                Objects.requireNonNull(handler, "handler"),
                clock))
        .start();
  }

  private static void requireNotNegative(Duration value, String name, List<String> problems) {
    if (value.isNegative()) {
      problems.add(name + " must not be negative, but is " + value);
    }
  }

  private static String hostname() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
