package dev.eventcollector.examples.faktory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLContext;

/**
 * Configures a {@link FaktoryEventPublisher}.
 *
 * <p>Not safe for use by many threads.
 */
public final class FaktoryEventPublisherBuilder {

  /** The server refuses connections beyond these (1.10, {@code server/server.go}). */
  private static final int MAX_CONNECTIONS = 2_000;

  /** Faktory's own, with the dead set as destination of what fails at once. */
  private static final int LEAST_RETRIES = -1;

  private final Connector.Options connection = new Connector.Options();
  private String jobType = "event";
  private int retries = 25;
  private Duration attemptTimeout = Reservations.DEFAULT_ATTEMPT_TIMEOUT;
  private int maxConnections = 64;

  FaktoryEventPublisherBuilder() {}

  /**
   * The server: {@code tcp://:password@host:7419}, or {@code tcp+tls://} for TLS; in the password,
   * other characters than letters and digits are percent-encoded. Defaults to the variable that
   * {@code FAKTORY_PROVIDER} names, else to {@code FAKTORY_URL}, else to {@code
   * tcp://localhost:7419}.
   */
  public FaktoryEventPublisherBuilder url(String value) {
    connection.url = Objects.requireNonNull(value, "url");
    return this;
  }

  /**
   * Trusts the server, and identifies us to it, over TLS. Certificates and host names are always
   * verified. Defaults to the JVM's default context.
   */
  public FaktoryEventPublisherBuilder sslContext(SSLContext value) {
    connection.sslContext = Objects.requireNonNull(value, "sslContext");
    return this;
  }

  /** How long connecting may take, TLS and greeting included. Defaults to 3 seconds. */
  public FaktoryEventPublisherBuilder connectTimeout(Duration value) {
    connection.connectTimeout = Objects.requireNonNull(value, "connectTimeout");
    return this;
  }

  /** The {@code jobtype} of all jobs, for workers that choose by it. Defaults to {@code event}. */
  public FaktoryEventPublisherBuilder jobType(String value) {
    jobType = Objects.requireNonNull(value, "jobType");
    return this;
  }

  /**
   * How often Faktory retries a job that fails, after growing delays, before it is dead; 0 discards
   * a job that fails, and -1 makes it dead at once. Defaults to 25, which take three weeks.
   */
  public FaktoryEventPublisherBuilder retries(int value) {
    retries = value;
    return this;
  }

  /**
   * The {@code attemptTimeout} of the worker that handles these jobs. A job is reserved a minute
   * longer ({@code reserve_for}); then Faktory considers the worker dead and retries the job. At
   * most 23 hours. Defaults to 10 minutes, which is the worker's default.
   */
  public FaktoryEventPublisherBuilder attemptTimeout(Duration value) {
    attemptTimeout = Objects.requireNonNull(value, "attemptTimeout");
    return this;
  }

  /**
   * How many threads can publish at the same time; others wait, within their publish timeout. At
   * most 2,000, which all clients of a server share. Defaults to 64.
   */
  public FaktoryEventPublisherBuilder maxConnections(int value) {
    maxConnections = value;
    return this;
  }

  /**
   * The publisher. It does not connect yet.
   *
   * @throws IllegalArgumentException when settings are wrong; the message names all of them and
   *     shows no password
   */
  public FaktoryEventPublisher build() {
    List<String> problems = new ArrayList<>();
    if (jobType.isBlank() || !Json.isEncodable(jobType)) {
      problems.add("jobType must not be blank, but is \"" + Json.encodable(jobType) + "\"");
    }
    if (retries < LEAST_RETRIES) {
      problems.add("retries must be -1 or more, but is " + retries);
    }
    if (maxConnections < 1 || maxConnections > MAX_CONNECTIONS) {
      problems.add(
          String.format(
              Locale.ROOT,
              "maxConnections must be from 1 to %d, but is %d",
              MAX_CONNECTIONS,
              maxConnections));
    }
    Reservations.check(attemptTimeout, problems);
    Connector connector = connection.connector(null, problems);
    if (!problems.isEmpty() || connector == null) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return new FaktoryEventPublisher(
        connector,
        new JobWriter(jobType, retries, Reservations.secondsFor(attemptTimeout)),
        maxConnections);
  }
}
