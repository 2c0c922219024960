package dev.eventcollector.examples.work.api;

import dev.eventcollector.examples.work.http.HttpServer;
import dev.eventcollector.examples.work.http.StatusPages;
import dev.eventcollector.examples.work.program.CommonOptions;
import dev.eventcollector.examples.work.program.Program;
import dev.eventcollector.examples.work.program.Rules;
import dev.eventcollector.examples.work.program.Service;
import dev.eventcollector.examples.work.program.Startable;
import dev.eventcollector.examples.work.storage.Database;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The REST API as a program of its own. */
@Command(
    name = "work-api",
    description = {
      "Makes works and shows them: POST /work, GET /work/{id}, GET /work/search?work_code=PREFIX.%n",
      "Every setting is a flag, or the environment variable that its value is named after. The flag"
          + " wins.%n"
    })
public final class WorkApi implements Startable {

  private static final int DATABASE_CONNECTIONS = 10;

  @Mixin private final CommonOptions.Storing storing = new CommonOptions.Storing();
  @Mixin private final Listening listening = new Listening();
  @Mixin private final CommonOptions.Ending ending = new CommonOptions.Ending();

  /** Where to listen. */
  public static final class Listening {
    @Option(
        names = "--port",
        paramLabel = "PORT",
        defaultValue = "3000",
        converter = Rules.Port.class,
        description = "Where to listen; 0 for any port that is free. Defaults to ${DEFAULT-VALUE}.")
    private int port;

    @Option(
        names = "--bind-address",
        paramLabel = "BIND_ADDRESS",
        defaultValue = "127.0.0.1",
        converter = Rules.Address.class,
        description =
            "The address to listen at; 0.0.0.0 for all of this machine's. Defaults to"
                + " ${DEFAULT-VALUE}.")
    private String bindAddress = "";

    /** Serves the works of this database, and how the program is. */
    public HttpServer serve(Database database, StatusPages status) throws IOException {
      return HttpServer.start(bindAddress, port, new ApiHandler(database.works(), status));
    }
  }

  /** Runs it. */
  public static void main(String[] arguments) {
    Program.run(new WorkApi(), arguments);
  }

  @Override
  public Service start() throws IOException {
    Database database = storing.open(DATABASE_CONNECTIONS);
    try {
      StatusPages status = new StatusPages();
      status.readyWhenWell(List.of(database::trouble));
      HttpServer server = listening.serve(database, status);
      return deadline -> {
        boolean drained = server.drain(deadline);
        database.close();
        return drained;
      };
    } catch (IOException e) {
      database.close();
      throw e;
    }
  }

  @Override
  public Duration drainTimeout() {
    return ending.drainTimeout();
  }
}
