package dev.eventcollector.examples.faktory;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Opens connections to one server. */
final class Connector {

  private final Hello hello;
  private final @Nullable SSLSocketFactory tls;
  private final Duration timeout;
  private final Watchdog watchdog = new Watchdog();

  private Connector(Hello hello, @Nullable SSLSocketFactory tls, Duration timeout) {
    this.hello = hello;
    this.tls = tls;
    this.timeout = timeout;
  }

  /** Connects within the connect timeout and before the deadline. */
  FaktoryConnection open(long deadline) throws IOException {
    long own = System.nanoTime() + timeout.toNanos();
    return FaktoryConnection.open(hello, tls, watchdog, own - deadline < 0 ? own : deadline);
  }

  FaktoryConnection open() throws IOException {
    return FaktoryConnection.open(hello, tls, watchdog, System.nanoTime() + timeout.toNanos());
  }

  /** Where to. */
  @Override
  public String toString() {
    return hello.address().toString();
  }

  /** The settings of both builders. */
  static final class Options {

    @Nullable String url;
    @Nullable SSLContext sslContext;
    Duration connectTimeout = Duration.ofSeconds(3);

    /** Null when something is wrong, which is added to the problems. */
    @Nullable Connector connector(Hello.@Nullable Identity identity, List<String> problems) {
      if (connectTimeout.isNegative() || connectTimeout.isZero()) {
        problems.add("connectTimeout must be positive, but is " + connectTimeout);
      }
      try {
        ServerAddress address =
            url == null
                ? ServerAddress.fromEnvironment(System::getenv)
                : ServerAddress.parse(url, "url");
        if (sslContext != null && !address.tls()) {
          problems.add("sslContext has no effect without a URL that begins with tcp+tls://");
        }
        return new Connector(
            new Hello(address, identity), address.tls() ? factory() : null, connectTimeout);
      } catch (IllegalArgumentException e) {
        problems.add(Reasons.messageOf(e));
        return null;
      }
    }

    private SSLSocketFactory factory() {
      return sslContext == null
          ? (SSLSocketFactory) SSLSocketFactory.getDefault()
          : sslContext.getSocketFactory();
    }
  }
}
