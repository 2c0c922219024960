package dev.eventcollector.examples.support.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers 421 to requests for a name that is not this machine's. A web page can let its own name
 * lead to 127.0.0.1 (DNS rebinding); its browser then sends requests here, with that name.
 */
final class LocalNames extends Handler.Wrapper {

  /** An address has digits and dots only, or a colon. A name may be all hexadecimal: face.de. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[\\w.~-]*)?]?");

  private LocalNames(Handler handler) {
    super(handler);
  }

  /** Guards a handler that listens at a loopback address; at others, any name may be right. */
  static Handler guard(Handler handler, @Nullable String bindAddress) {
    try {
      return bindAddress != null && InetAddress.getByName(bindAddress).isLoopbackAddress()
          ? new LocalNames(handler)
          : handler;
    } catch (UnknownHostException e) {
      return handler; // listening will fail, and say it
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (isLocal(request.getHttpURI().getHost())) {
      return super.handle(request, response, callback);
    }
    Response.writeError(
        request,
        response,
        callback,
        HttpStatus.MISDIRECTED_REQUEST_421,
        "this server listens at a loopback address, and is no other host");
    return true;
  }

  static boolean isLocal(@Nullable String host) {
    if (host == null || host.isEmpty() || ADDRESS.matcher(host).matches()) {
      return true;
    }
    String name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    return name.equals("localhost") || name.endsWith(".localhost");
  }
}
