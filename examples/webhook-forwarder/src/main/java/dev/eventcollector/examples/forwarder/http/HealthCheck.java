package dev.eventcollector.examples.forwarder.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks a URL, and ends with 0 when it answers 200: a container's health check without curl. */
public final class HealthCheck {

  private static final int TIMEOUT_MILLIS = 4_000;

  private HealthCheck() {}

  /** Asks the URL that is the only argument. */
  public static void main(String[] arguments) {
    System.exit(arguments.length == 1 && isHealthy(URI.create(arguments[0])) ? 0 : 1);
  }

  private static boolean isHealthy(URI uri) {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      System.out.println(uri + ": " + e);
      return false;
    }
  }
}
