package dev.eventcollector.examples.support.settings;

import picocli.CommandLine.Option;

/** Where an app serves HTTP: a mixin. */
public final class Listening {

  private static final int DEFAULT_PORT = 8080;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      converter = PortRule.class,
      description = "Where to listen; 0 for any port that is free. Defaults to ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--bind-address",
      paramLabel = "BIND_ADDRESS",
      defaultValue = "127.0.0.1",
      converter = AddressRule.class,
      description =
          "The address to listen at; 0.0.0.0 for all of this machine's. Defaults to"
              + " ${DEFAULT-VALUE}.")
  private String bindAddress = "";

  /** At port 8080 unless another is set. */
  public Listening() {
    this(DEFAULT_PORT);
  }

  /** At this port unless another is set. */
  public Listening(int defaultPort) {
    port = defaultPort;
  }

  /** The port; 0 for any that is free. */
  public int port() {
    return port;
  }

  /** The address; an IPv6 address without brackets. */
  public String bindAddress() {
    return bindAddress;
  }
}
