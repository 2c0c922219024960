package dev.eventcollector.examples.work.program;

/** An address as people and URLs write it: an IPv6 address is in brackets. */
public final class HostAndPort {

  private HostAndPort() {}

  /** For example {@code localhost:3000} or {@code [::1]:3000}; a zone is left out. */
  public static String of(String host, int port) {
    return (host.contains(":") ? "[" + host.replaceFirst("%.*", "") + "]" : host) + ":" + port;
  }
}
