package dev.eventcollector.examples.work.http;

import dev.eventcollector.examples.work.program.Rules;
import dev.eventcollector.examples.work.program.Service;
import java.io.IOException;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** Where a program tells how it is that has nothing else to say over HTTP. */
public final class StatusOptions {

  @Option(
      names = "--status-port",
      paramLabel = "STATUS_PORT",
      defaultValue = "off",
      converter = Rules.PortOrOff.class,
      description =
          "Where to serve /healthz, /readyz and /metrics; 0 for any port that is free. Defaults to"
              + " ${DEFAULT-VALUE}.")
  private OptionalInt port = OptionalInt.empty();

  @Option(
      names = "--bind-address",
      paramLabel = "BIND_ADDRESS",
      defaultValue = "127.0.0.1",
      converter = Rules.Address.class,
      description =
          "The address of the status port; 0.0.0.0 for all of this machine's. Defaults to"
              + " ${DEFAULT-VALUE}.")
  private String bindAddress = "";

  /** Serves them, if a port is set. */
  public Service serve(StatusPages pages) throws IOException {
    return port.isPresent()
        ? HttpServer.start(bindAddress, port.getAsInt(), new StatusHandler(pages))
        : deadline -> true;
  }
}
