package dev.eventcollector.examples.support.settings;

/** A TCP port to listen at; 0 for any that is free. */
public final class PortRule extends WholeNumberRule {

  /** The largest port. */
  public static final int MAX = 65_535;

  /** For picocli. */
  public PortRule() {
    super(0, MAX);
  }
}
