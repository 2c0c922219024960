package dev.eventcollector.examples.support.http;

import java.io.IOException;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Limits of an {@link HttpServer}. */
public final class HttpServerBuilder {

  final @Nullable String address;
  final int port;
  int threads = 200;
  int connections = 2_000;
  int headBytes = 8 * 1024;
  Duration idleTimeout = Duration.ofSeconds(30);
  Duration headTimeout = Duration.ofSeconds(10);
  @Nullable Duration answerTimeout;
  boolean localNames;
  Request.Handler errors = new JsonErrors();

  HttpServerBuilder(@Nullable String address, int port) {
    this.address = address;
    this.port = port;
  }

  /** Threads that serve requests. Defaults to 200. */
  public HttpServerBuilder threads(int most) {
    threads = most;
    return this;
  }

  /** Connections at a time, unless the process may open fewer files. Defaults to 2,000. */
  public HttpServerBuilder connections(int most) {
    connections = most;
    return this;
  }

  /** Bytes of a request's first line and headers. Defaults to 8 KiB. */
  public HttpServerBuilder headBytes(int most) {
    headBytes = most;
    return this;
  }

  /** The time without any byte after which a connection is closed. Defaults to 30 s. */
  public HttpServerBuilder idleTimeout(Duration timeout) {
    idleTimeout = timeout;
    return this;
  }

  /** The time for the first line and the headers of a request. Defaults to 10 s. */
  public HttpServerBuilder headTimeout(Duration timeout) {
    headTimeout = timeout;
    return this;
  }

  /** The time for an answer, until the client has taken all of it. Defaults to no limit. */
  public HttpServerBuilder answerTimeout(Duration timeout) {
    answerTimeout = timeout;
    return this;
  }

  /**
   * Answers 421, at a loopback address, to requests whose {@code Host} is neither localhost nor an
   * IP address: a web page can let its own name lead here. Defaults to any name.
   */
  public HttpServerBuilder localNamesOnly() {
    localNames = true;
    return this;
  }

  /** Answers requests that no handler could answer. Defaults to the status' name as JSON. */
  public HttpServerBuilder errors(Request.Handler handler) {
    errors = handler;
    return this;
  }

  /**
   * Starts to listen, and logs {@code listening on http://...}.
   *
   * @throws IOException when it cannot listen; the message names the address and the reason
   */
  public HttpServer start(Handler handler) throws IOException {
    return HttpServer.start(this, handler);
  }
}
