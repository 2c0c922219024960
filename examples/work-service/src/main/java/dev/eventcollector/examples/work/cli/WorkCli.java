package dev.eventcollector.examples.work.cli;

import dev.eventcollector.examples.support.logging.OneLine;
import dev.eventcollector.examples.support.program.Program;
import dev.eventcollector.examples.support.settings.SettingsReader;
import dev.eventcollector.examples.work.program.ClientProgram;
import dev.eventcollector.examples.work.storage.DatabaseUrl;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Reads works, from the API or from the database. */
@Command(
    name = "work-cli",
    mixinStandardHelpOptions = false,
    subcommands = GenerateCompletion.class,
    exitCodeListHeading = "%nEnds with%n",
    exitCodeList = {
      "0:when it was found",
      "1:when it was not, or reading failed",
      "2:when asked wrongly"
    },
    description = "Shows the work with an id, or those whose code starts as given.%n")
public final class WorkCli implements Callable<Integer> {

  private static final Pattern ID = Pattern.compile("[0-9]{1,18}");

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--id", paramLabel = "N", description = "The work's id.")
  private @Nullable String id;

  @Option(
      names = "--work-code",
      paramLabel = "S",
      description = "How the works' code starts; the newest 100 are shown.")
  private @Nullable String workCode;

  @Option(
      names = "--call-type",
      paramLabel = "http|db",
      defaultValue = "http",
      description = "Whom to ask: the API or the database. Defaults to ${DEFAULT-VALUE}.")
  private String callType = "";

  @Option(
      names = "--api-url",
      paramLabel = "WORK_API_URL",
      defaultValue = "http://localhost:3000",
      description = "Where the API is. Defaults to ${DEFAULT-VALUE}.")
  private URI apiUrl = URI.create("");

  @Option(
      names = "--database-url",
      paramLabel = "DATABASE_URL",
      converter = DatabaseUrl.Rule.class,
      description =
          "PostgreSQL, as postgres://user:password@host:5432/database; for --call-type db. Better in"
              + " the environment: a command line can be seen by others.")
  private @Nullable DatabaseUrl databaseUrl;

  @Option(names = "--json", description = "One line without colours, for programs.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  private boolean help;

  /** Runs it. */
  public static void main(String[] arguments) {
    ClientProgram.run(commandLine(System.getenv()), arguments);
  }

  static CommandLine commandLine(Map<String, String> environment) {
    return SettingsReader.commandLine(new WorkCli(), environment);
  }

  @Override
  public Integer call() {
    CommandLine commandLine = commandLine();
    Question question = question();
    try (WorkReader reader = reader()) {
      JsonNode found = reader.read(question);
      commandLine.getOut().println(new JsonPrinter(json, Ansi.AUTO.enabled()).print(found));
      return Program.SUCCEEDED;
    } catch (NotFoundException | IOException e) {
      commandLine.getErr().println(OneLine.of(String.valueOf(e.getMessage())));
      return Program.FAILED;
    }
  }

  private CommandLine commandLine() {
    if (spec == null) {
      throw new IllegalStateException("picocli has not set this up");
    }
    return spec.commandLine();
  }

  private Question question() {
    String code = workCode == null || workCode.isEmpty() ? null : workCode;
    if (id == null && code == null) {
      throw wrong("both `id` and `work_code` are not set!");
    }
    if (id == null) {
      return new Question(0, code);
    }
    long number = ID.matcher(id).matches() ? Long.parseLong(id) : 0;
    if (number < 1 || number > Integer.MAX_VALUE) {
      throw wrong("This ID is not valid: " + id);
    }
    if (code != null) {
      throw wrong("both `id` and `work_code` are valid, we cannot use both, choose one!");
    }
    return new Question((int) number, null);
  }

  private WorkReader reader() throws IOException {
    switch (callType) {
      case "http" -> {
        if (apiUrl.getHost() == null
            || apiUrl.getPort() == 0
            || apiUrl.getPort() > 65_535
            || apiUrl.getRawQuery() != null
            || apiUrl.getRawUserInfo() != null
            || !String.valueOf(apiUrl.getScheme()).matches("https?")) {
          throw wrong(
              String.format(
                  Locale.ROOT,
                  "--api-url (WORK_API_URL): '%s' must be a URL such as http://localhost:3000",
                  apiUrl));
        }
        return new HttpReader(apiUrl);
      }
      case "db" -> {
        if (databaseUrl == null) {
          throw wrong(
              "--database-url (DATABASE_URL) is not set: it must be the PostgreSQL to ask, such as"
                  + " postgres://user:password@host:5432/database");
        }
        return new DatabaseReader(databaseUrl);
      }
      default -> throw wrong("We expect valid call types: [\"http\", \"db\"]");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(commandLine(), message);
  }
}
