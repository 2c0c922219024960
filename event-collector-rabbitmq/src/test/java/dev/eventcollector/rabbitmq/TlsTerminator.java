package dev.eventcollector.rabbitmq;

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
import javax.net.ssl.TrustManagerFactory;

/** Speaks TLS with a certificate of its own making, and passes the plain text on to a broker. */
final class TlsTerminator implements AutoCloseable {

  private static final char[] PASSWORD = "changeit".toCharArray();

  private final KeyStore keys;
  private final SSLServerSocket server;
  private final int brokerPort;
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

  /** The certificate is for this name, as in {@code dns:localhost}. */
  TlsTerminator(int brokerPort, String subjectAlternativeName, Path directory) throws Exception {
    this.brokerPort = brokerPort;
    keys = makeKeys(directory.resolve("keys.p12"), subjectAlternativeName);
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), null, null);
    server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    inBackground(this::accept);
  }

  private static KeyStore makeKeys(Path file, String name) throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "broker",
            "-keyalg",
            "EC",
            "-dname",
            "CN=test broker",
            "-ext",
            "san=" + name,
            "-storetype",
            "PKCS12",
            "-keystore",
            file.toString(),
            "-storepass",
            new String(PASSWORD),
            "-validity",
            "2");
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes());
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IOException("keytool failed: " + output);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  /** A context that trusts this broker and nobody else. */
  SSLContext trustingContext() throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore certificates = KeyStore.getInstance("PKCS12");
    certificates.load(null, null);
    certificates.setCertificateEntry("broker", keys.getCertificate("broker"));
    trust.init(certificates);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  String uri() {
    return "amqps://guest:guest@localhost:" + server.getLocalPort();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = server.accept();
      Socket broker = new Socket("127.0.0.1", brokerPort);
      open.add(client);
      open.add(broker);
      inBackground(() -> pipe(client, broker));
      inBackground(() -> pipe(broker, client));
    }
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
    DaemonThreads.named("tls-terminator")
        .newThread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // One of the two ends has closed; that is how a connection through here ends.
              }
            })
        .start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
