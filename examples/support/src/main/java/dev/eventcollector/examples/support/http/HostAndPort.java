package dev.eventcollector.examples.support.http;

import org.jspecify.annotations.Nullable;

/** An address as URLs write it. */
public final class HostAndPort {

  private HostAndPort() {}

  /**
   * For example {@code localhost:3000} or {@code [::1]:3000}; a zone has an escaped percent sign.
   *
   * @param host null for all addresses of this machine, which gives {@code *:3000}
   */
  public static String of(@Nullable String host, int port) {
    if (host == null) {
      return "*:" + port;
    }
    return (host.contains(":") ? "[" + host.replace("%", "%25") + "]" : host) + ":" + port;
  }
}
