package dev.eventcollector.examples.work.tcpcli;

import dev.eventcollector.examples.support.http.HostAndPort;
import dev.eventcollector.examples.support.logging.OneLine;
import dev.eventcollector.examples.support.program.Program;
import dev.eventcollector.examples.support.settings.AddressRule;
import dev.eventcollector.examples.support.settings.PortRule;
import dev.eventcollector.examples.support.settings.SettingsReader;
import dev.eventcollector.examples.support.settings.WholeNumberRule;
import dev.eventcollector.examples.work.program.ClientProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes an HTTP request into a TCP socket, by hand, and shows what comes back. */
@Command(
    name = "work-tcp-cli",
    subcommands = GenerateCompletion.class,
    exitCodeListHeading = "%nEnds with%n",
    exitCodeList = {
      "0:when there was a response, whatever its status",
      "1:when there was none",
      "2:when asked wrongly"
    },
    description = "Opens a TCP socket, writes an HTTP/1.1 request, shows request and response.%n")
public final class WorkTcpCli implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int MAX_BYTES = 1024 * 1024;

  /** Neither a blank nor a line end, which would begin something else than a path. */
  private static final Pattern PATH = Pattern.compile("/[!-~]*");

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "localhost",
      converter = AddressRule.class,
      description = "Whom to ask. Defaults to ${DEFAULT-VALUE}.")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "3000",
      converter = Port.class,
      description = "Where it listens. Defaults to ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      defaultValue = "/",
      description = "What to ask for, query included. Defaults to ${DEFAULT-VALUE}.")
  private String path = "";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  private boolean help;

  /** The port of a server. */
  static final class Port extends WholeNumberRule {
    /** For picocli. */
    public Port() {
      super(1, PortRule.MAX);
    }
  }

  /** Runs it. */
  public static void main(String[] arguments) {
    ClientProgram.run(commandLine(), arguments);
  }

  static CommandLine commandLine() {
    return SettingsReader.commandLine(new WorkTcpCli(), Map.of());
  }

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("picocli has not set this up");
    }
    CommandLine commandLine = spec.commandLine();
    if (!PATH.matcher(path).matches()) {
      throw new ParameterException(
          commandLine,
          String.format(Locale.ROOT, "--path: '%s' must start with / and have no blanks", path));
    }
    String server = HostAndPort.of(host.replaceFirst("%.*", ""), port);
    String request =
        "GET "
            + path
            + " HTTP/1.1\r\nHost: "
            + server
            + "\r\nAccept: application/json\r\nConnection: close\r\n\r\n";
    try {
      commandLine.getOut().print(request);
      String response = exchange(request);
      commandLine.getOut().println(response);
      if (!response.startsWith("HTTP/")) {
        throw new IOException("what it sent is no HTTP response");
      }
      return Program.SUCCEEDED;
    } catch (IOException e) {
      commandLine.getOut().flush();
      commandLine.getErr().println(server + ": " + OneLine.of(String.valueOf(e.getMessage())));
      return Program.FAILED;
    }
  }

  private String exchange(String request) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), (int) PATIENCE.toMillis());
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return new String(read(socket, deadline), StandardCharsets.UTF_8);
    } catch (SocketTimeoutException e) {
      throw new IOException("does not answer within " + PATIENCE.toSeconds() + " s", e);
    } catch (IOException e) {
      throw new IOException("does not answer: " + e.getMessage(), e);
    }
  }

  /** To the end of the response, but neither for ever nor for any size. */
  private static byte[] read(Socket socket, long deadline) throws IOException {
    ByteArrayOutputStream response = new ByteArrayOutputStream();
    byte[] block = new byte[8 * 1024];
    while (true) {
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        throw new SocketTimeoutException();
      }
      socket.setSoTimeout((int) millis);
      int length = socket.getInputStream().read(block);
      if (length < 0) {
        return response.toByteArray();
      }
      response.write(block, 0, length);
      if (response.size() > MAX_BYTES) {
        throw new IOException("its response is larger than " + MAX_BYTES + " bytes");
      }
    }
  }
}
