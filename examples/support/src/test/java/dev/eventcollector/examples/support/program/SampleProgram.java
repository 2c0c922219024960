package dev.eventcollector.examples.support.program;

import dev.eventcollector.examples.support.http.HttpServer;
import dev.eventcollector.examples.support.http.StatusPages;
import dev.eventcollector.examples.support.settings.Draining;
import dev.eventcollector.examples.support.settings.Help;
import dev.eventcollector.examples.support.settings.Listening;
import dev.eventcollector.examples.support.settings.LogSetting;
import dev.eventcollector.examples.support.settings.SettingsReader;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A program that fails, or leaves work undone, when it is asked to. */
@Command(name = "sample")
final class SampleProgram implements Startable {

  private static final Logger LOGGER = LoggerFactory.getLogger(SampleProgram.class);

  @Mixin private final Listening listening = new Listening();
  @Mixin private final LogSetting log = new LogSetting();
  @Mixin private final Draining draining = new Draining();
  @Mixin private final Help help = new Help();

  @Option(names = "--fail", paramLabel = "FAIL", defaultValue = "")
  private String fail = "";

  public static void main(String[] arguments) {
    Program.run("sample", () -> run(arguments));
  }

  private static void run(String[] arguments) throws Exception {
    SampleProgram program = new SampleProgram();
    SettingsReader.read(SettingsReader.commandLine(program, System.getenv()), arguments);
    if (!Program.print(program.help.text())) {
      program.log.apply();
      Program.serve(program, program.draining.timeout());
    }
  }

  @Override
  public Service start(OpenParts parts) throws java.io.IOException {
    parts.add(() -> System.out.println("closed the first part"));
    parts.add(() -> System.out.println("closed the second part"));
    if (fail.equals("start")) {
      throw new IllegalStateException("no\nsuch\u2028luck");
    }
    StatusPages pages = new StatusPages();
    HttpServer server =
        HttpServer.at(listening.bindAddress(), listening.port()).start(pages.handler());
    pages.readyWhenWell(List.of());
    MDC.put("messageId", "m-1\n2");
    LOGGER.atInfo().addKeyValue("size", 3).log("one\r\nline {}", "x".repeat(5_000));
    LOGGER.warn("failed", new IllegalStateException("a\nforged line"));
    MDC.clear();
    if (fail.equals("later")) {
      Program.end();
    }
    return deadline -> {
      while (fail.equals("drain") && !deadline.hasPassed()) {
        LockSupport.parkNanos(deadline.left().toNanos());
      }
      if (fail.equals("badly")) {
        throw new IllegalStateException("a bug");
      }
      return server.drain(deadline) && !fail.equals("drain");
    };
  }
}
