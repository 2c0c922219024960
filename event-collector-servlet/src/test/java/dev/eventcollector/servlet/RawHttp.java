package dev.eventcollector.servlet;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** HTTP/1.1 over a socket, so that a test sees everything that a container sends. */
final class RawHttp {

  private RawHttp() {}

  /**
   * Sends a request and reads all that comes until the server closes the connection. Chunks are put
   * together, and dates and session ids left out.
   */
  static String exchange(int port, String method, String path, String rest) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      String head = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
      socket.getOutputStream().write((head + rest).getBytes(StandardCharsets.ISO_8859_1));
      byte[] answer = socket.getInputStream().readAllBytes();
      return normalized(new String(answer, StandardCharsets.ISO_8859_1));
    }
  }

  private static String normalized(String answer) {
    if (answer.isEmpty()) {
      return "<closed>";
    }
    int end = endOfHead(answer);
    String head =
        answer
            .substring(0, end)
            .replaceAll("(?i)\r\n(Date|Last-Modified|Expires): [^\r]*", "")
            .replaceAll("JSESSIONID=[^;\r]*", "JSESSIONID");
    String body = answer.substring(end);
    if (head.startsWith("HTTP/1.1 5")) { // the container's page, with a stack trace
      return head.replaceAll("\r\nContent-Length: [^\r]*", "") + "<a page>";
    }
    return head + (head.toLowerCase().contains("transfer-encoding: chunked") ? joined(body) : body);
  }

  /** After the interim responses, if there are any. */
  private static int endOfHead(String answer) {
    int end = answer.indexOf("\r\n\r\n") + 4;
    while (end >= 4 && answer.startsWith("HTTP/1.1 1", answer.lastIndexOf("HTTP/1.1 ", end - 1))) {
      int next = answer.indexOf("\r\n\r\n", end);
      if (next < 0) {
        return end;
      }
      end = next + 4;
    }
    return Math.max(end, 0);
  }

  private static String joined(String chunks) {
    StringBuilder body = new StringBuilder();
    int from = 0;
    while (from < chunks.length()) {
      int end = chunks.indexOf("\r\n", from);
      if (end < 0) {
        return body + "<cut off>";
      }
      int size = Integer.parseInt(chunks.substring(from, end), 16);
      if (size == 0) {
        return body + "<end>" + chunks.substring(end + 2);
      }
      body.append(chunks, end + 2, Math.min(end + 2 + size, chunks.length()));
      from = end + 2 + size + 2;
    }
    return body + "<cut off>";
  }
}
