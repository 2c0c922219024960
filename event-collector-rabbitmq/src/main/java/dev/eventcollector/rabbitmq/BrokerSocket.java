package dev.eventcollector.rabbitmq;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The socket under a connection, with or without TLS on top. Unlike a TLS socket it can be torn
 * down by another thread while a write hangs.
 */
final class BrokerSocket extends Socket {

  private final @Nullable SSLSocketFactory tlsFactory;
  private final boolean cutsHeaders;
  private @Nullable SSLSocket tls;
  private boolean closing;

  /**
   * Without TLS when there is no factory for it.
   *
   * @param cutsHeaders whether to read through {@link ShallowHeaders}
   */
  BrokerSocket(@Nullable SSLSocketFactory tlsFactory, boolean cutsHeaders) {
    this.tlsFactory = tlsFactory;
    this.cutsHeaders = cutsHeaders;
  }

  @Override
  public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
    super.connect(endpoint, timeoutMillis);
    if (tlsFactory != null && endpoint instanceof InetSocketAddress address) {
      setSoTimeout(timeoutMillis);
      // The TLS socket takes this socket's own streams here; from then on we hand out its streams.
      SSLSocket layered =
          (SSLSocket)
              tlsFactory.createSocket(this, address.getHostString(), address.getPort(), true);
      SSLParameters parameters = layered.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the host name check of RFC 2818
      layered.setSSLParameters(parameters);
      layered.startHandshake();
      setSoTimeout(0);
      tls = layered;
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    InputStream in = tls == null ? super.getInputStream() : tls.getInputStream();
    boolean belowTls = tls == null && tlsFactory != null; // the TLS socket itself asks for it
    return cutsHeaders && !belowTls ? new ShallowHeaders(in) : in;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return tls == null ? super.getOutputStream() : tls.getOutputStream();
  }

  @Override
  public void close() throws IOException {
    SSLSocket layered = tls;
    if (layered == null || closing) {
      super.close();
      return;
    }
    closing = true; // the TLS socket closes us in its turn
    layered.close();
    super.close();
  }

  /** Closes at once, with no goodbye that could block; whoever reads or writes gets an error. */
  void tearDown() {
    try {
      super.close();
    } catch (IOException e) {
      // There is nothing more to be done to a socket that cannot be closed.
    }
  }
}
