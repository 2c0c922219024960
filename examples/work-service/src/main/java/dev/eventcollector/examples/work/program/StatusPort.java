package dev.eventcollector.examples.work.program;

import dev.eventcollector.examples.support.http.HttpServer;
import dev.eventcollector.examples.support.http.StatusPages;
import dev.eventcollector.examples.support.program.OpenParts;
import dev.eventcollector.examples.support.program.Service;
import dev.eventcollector.examples.support.settings.AddressRule;
import dev.eventcollector.examples.support.settings.PortRule;
import dev.eventcollector.examples.support.settings.Rule;
import dev.eventcollector.examples.support.settings.WholeNumberRule;
import java.io.IOException;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** Where a program without an API of its own serves its status: a mixin. */
public final class StatusPort {

  @Option(
      names = "--status-port",
      paramLabel = "STATUS_PORT",
      defaultValue = "off",
      converter = PortOrOff.class,
      description =
          "Where to serve /healthz, /readyz and /metrics; 0 for any port that is free. Defaults to"
              + " ${DEFAULT-VALUE}.")
  private OptionalInt port = OptionalInt.empty();

  @Option(
      names = "--bind-address",
      paramLabel = "BIND_ADDRESS",
      defaultValue = "127.0.0.1",
      converter = AddressRule.class,
      description =
          "The address of the status port; 0.0.0.0 for all of this machine's. Defaults to"
              + " ${DEFAULT-VALUE}.")
  private String bindAddress = "";

  /** A port, or {@code off}. */
  public static final class PortOrOff extends Rule<OptionalInt> {
    @Override
    protected OptionalInt read(String value) {
      try {
        return value.equals("off")
            ? OptionalInt.empty()
            : OptionalInt.of((int) WholeNumberRule.read(value, 0, PortRule.MAX));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(e.getMessage() + ", or off", e);
      }
    }
  }

  /** Serves it, if a port is set. */
  public Service serve(StatusPages pages, OpenParts parts) throws IOException {
    return port.isPresent()
        ? parts.add(
            HttpServer.at(bindAddress, port.getAsInt()).localNamesOnly().start(pages.handler()))
        : deadline -> true;
  }
}
