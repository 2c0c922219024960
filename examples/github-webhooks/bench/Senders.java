import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sends signed pushes of 8 kB over connections that are kept, each sender one after the other:
 * PORT, SECRET, SENDERS, SECONDS, the seconds before that which do not count, and the pushes of all
 * senders per second, 0 for as many as are answered. With such a rate each push has its time to be
 * sent, and what it takes counts from then on, also when the sender still waits for an answer. Ends
 * with 1 when an answer was not 202.
 */
class Senders {

  static volatile boolean counts;
  static volatile boolean over;

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    int senders = Integer.parseInt(args[2]);
    byte[] body = body();
    String signature = sign(body, args[1]);
    Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
    LongStream.Builder[] taken = new LongStream.Builder[senders];
    int rate = Integer.parseInt(args[5]);
    long pause = rate == 0 ? 0 : 1_000_000_000L * senders / rate;
    long begin = System.nanoTime();
    Thread[] threads = new Thread[senders];
    for (int i = 0; i < senders; i++) {
      int sender = i;
      taken[i] = LongStream.builder();
      threads[i] =
          new Thread(
              () -> {
                try (Socket socket = new Socket("127.0.0.1", port)) {
                  socket.setTcpNoDelay(true);
                  socket.setSoTimeout(30_000);
                  InputStream in = new BufferedInputStream(socket.getInputStream());
                  long next = begin + pause * sender / senders;
                  while (!over) {
                    while (pause > 0 && next > System.nanoTime()) {
                      LockSupport.parkNanos(next - System.nanoTime());
                    }
                    long start = pause == 0 ? System.nanoTime() : next;
                    next += pause;
                    String status = send(socket.getOutputStream(), in, body, signature);
                    if (counts) {
                      answers.computeIfAbsent(status, s -> new LongAdder()).increment();
                      taken[sender].add(System.nanoTime() - start);
                    }
                  }
                } catch (IOException e) {
                  answers.computeIfAbsent(e.toString(), s -> new LongAdder()).increment();
                }
              });
      threads[i].start();
    }
    Thread.sleep(1_000L * Integer.parseInt(args[4]));
    long start = System.nanoTime();
    counts = true;
    Thread.sleep(1_000L * Integer.parseInt(args[3]));
    counts = false;
    double seconds = (System.nanoTime() - start) / 1e9;
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
    long[] all = Arrays.stream(taken).flatMapToLong(LongStream.Builder::build).toArray();
    Arrays.sort(all);
    System.out.printf(
        Locale.ROOT,
        "%d senders: %.0f deliveries/s, p50 %.1f ms, p99 %.1f ms, longest %.0f ms, answers %s%n",
        senders,
        all.length / seconds,
        millis(all, 0.5),
        millis(all, 0.99),
        millis(all, 1),
        answers);
    System.exit(answers.keySet().equals(java.util.Set.of("202")) ? 0 : 1);
  }

  static double millis(long[] sorted, double part) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, part * sorted.length)] / 1e6;
  }

  static byte[] body() {
    String payload =
        """
        {"ref": "refs/heads/main", "repository": {"full_name": "octocat/hello-world"}, "padding": "%s"}"""
            .formatted("x".repeat(7_900));
    return payload.getBytes(StandardCharsets.UTF_8);
  }

  static String sign(byte[] body, String secret) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(body));
  }

  static String send(OutputStream out, InputStream in, byte[] body, String signature)
      throws IOException {
    String head =
        "POST /webhooks/github HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "X-GitHub-Event: push\r\nX-GitHub-Delivery: "
            + UUID.randomUUID()
            + "\r\nX-Hub-Signature-256: sha256="
            + signature
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] whole = Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, whole, start.length, body.length);
    out.write(whole);
    String status = line(in).split(" ")[1];
    int length = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    in.readNBytes(length);
    return status;
  }

  static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the app has closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
