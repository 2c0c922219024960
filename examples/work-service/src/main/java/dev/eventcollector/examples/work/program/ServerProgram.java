package dev.eventcollector.examples.work.program;

import dev.eventcollector.examples.support.program.Program;
import dev.eventcollector.examples.support.program.Startable;
import dev.eventcollector.examples.support.settings.Draining;
import dev.eventcollector.examples.support.settings.Help;
import dev.eventcollector.examples.support.settings.LogSetting;
import dev.eventcollector.examples.support.settings.SettingsReader;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** A program that runs until it is told to end. Subclasses have picocli's annotations. */
public abstract class ServerProgram implements Startable {

  @Mixin private final Draining draining = new Draining();
  @Mixin private final LogSetting log = new LogSetting();
  @Mixin private final Help help = new Help();

  /** Reads the settings, and starts. */
  protected final void run(String[] arguments) {
    CommandLine settings = SettingsReader.commandLine(this, System.getenv());
    Program.run(
        settings.getCommandName(),
        () -> {
          SettingsReader.read(settings, arguments);
          if (Program.print(help.text())) {
            return;
          }
          log.apply();
          Program.serve(this, draining.timeout());
        });
  }
}
