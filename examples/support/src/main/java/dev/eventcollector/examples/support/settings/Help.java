package dev.eventcollector.examples.support.settings;

import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The flags that print something in place of running the program: a mixin. */
public final class Help {

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec program;

  @Option(
      names = {"-h", "-help", "--help"},
      usageHelp = true,
      description = "Shows this.")
  private boolean help;

  @Option(
      names = "--completion",
      description = "Prints a script for bash and zsh that completes flags.")
  private boolean completion;

  /** The text to print; null when the program is to run. */
  public @Nullable String text() {
    if (program == null || !(help || completion)) {
      return null;
    }
    CommandLine commandLine = program.commandLine();
    return completion
        ? AutoComplete.bash(program.name(), commandLine)
        : commandLine.getUsageMessage();
  }
}
