package dev.eventcollector.examples.work.api;

import dev.eventcollector.examples.support.http.StatusPages;
import dev.eventcollector.examples.support.program.OpenParts;
import dev.eventcollector.examples.support.program.Service;
import dev.eventcollector.examples.support.settings.Listening;
import dev.eventcollector.examples.support.settings.SettingsReader;
import dev.eventcollector.examples.work.program.ServerProgram;
import dev.eventcollector.examples.work.storage.Database;
import dev.eventcollector.examples.work.storage.DatabaseUrl;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The REST API as a program of its own. */
@Command(
    name = "work-api",
    description = {
      "Makes works and shows them: POST /work, GET /work/{id}, GET /work/search?work_code=PREFIX.%n",
      SettingsReader.HOW_TO_SET
    })
public final class WorkApi extends ServerProgram {

  /** Where the API listens unless another port is set. */
  public static final int PORT = 3000;

  private static final int DATABASE_CONNECTIONS = 10;

  @Mixin private final DatabaseUrl.Setting storing = new DatabaseUrl.Setting();
  @Mixin private final Listening listening = new Listening(PORT);

  /** Runs it. */
  public static void main(String[] arguments) {
    new WorkApi().run(arguments);
  }

  @Override
  public Service start(OpenParts parts) throws IOException {
    Database database = storing.open(DATABASE_CONNECTIONS, parts);
    StatusPages status = new StatusPages();
    status.readyWhenWell(List.of(database::trouble));
    return parts.add(ApiHandler.serve(listening, database, status));
  }
}
