package dev.eventcollector.examples.faktory;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Speaks TLS with a certificate of its own making, and passes the plain text on to a server. */
final class TlsFront implements AutoCloseable {

  private static final char[] PASSWORD = "changeit".toCharArray();

  private final KeyStore keys;
  private final SSLServerSocket listening;
  private final ServerAddress target;
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

  /** The certificate is for this name, as in {@code dns:localhost}. */
  TlsFront(String url, String subjectAlternativeName, Path directory) throws Exception {
    target = ServerAddress.parse(url, "url");
    keys = makeKeys(directory.resolve("keys.p12"), subjectAlternativeName);
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), null, null);
    listening =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    inBackground(this::accept);
  }

  private static KeyStore makeKeys(Path file, String name) throws Exception {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> command =
        List.of(
            (keytool
                    + " -genkeypair -alias server -keyalg EC -dname CN=test -storetype PKCS12"
                    + " -validity 2 -storepass changeit -ext san="
                    + name
                    + " -keystore "
                    + file)
                .split(" "));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("keytool failed: " + output);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  /** A context that trusts this server and nobody else. */
  SSLContext trustingContext() throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore certificates = KeyStore.getInstance("PKCS12");
    certificates.load(null, null);
    certificates.setCertificateEntry("server", keys.getCertificate("server"));
    trust.init(certificates);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  String url() {
    return "tcp+tls://:%s@localhost:%d".formatted(target.password(), listening.getLocalPort());
  }

  /** Both ends of all connections so far. */
  List<Socket> open() {
    return List.copyOf(open);
  }

  private void accept() throws IOException {
    while (true) {
      SSLSocket client = (SSLSocket) listening.accept();
      open.add(client);
      inBackground(() -> connect(client));
    }
  }

  /** Only after the handshake, as the server gives up on clients that do not say hello in time. */
  private void connect(SSLSocket client) throws IOException {
    client.startHandshake();
    Socket server = new Socket(target.host(), target.port());
    open.add(server);
    inBackground(() -> pipe(server, client));
    pipe(client, server);
  }

  private static void pipe(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    }
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void inBackground(Task task) {
    DaemonThreads.named("tls-front")
        .newThread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // Closed by either end.
              }
            })
        .start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
