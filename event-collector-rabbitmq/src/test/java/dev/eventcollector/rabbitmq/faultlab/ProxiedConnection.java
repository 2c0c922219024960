package dev.eventcollector.rabbitmq.faultlab;

import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection through a {@link FaultProxy}: two sockets, and a thread for each direction. */
final class ProxiedConnection {

  private final FaultProxy proxy;
  private final Socket client;
  private final Socket broker = new Socket();
  private final Map<Direction, Fault> faults = new ConcurrentHashMap<>();
  private final AtomicInteger flowing = new AtomicInteger(2);
  private volatile boolean open = true;

  ProxiedConnection(FaultProxy proxy, Socket client) {
    this.proxy = proxy;
    this.client = client;
  }

  void set(Direction direction, Fault fault) {
    faults.put(direction, fault);
  }

  Fault fault(Direction direction) {
    return faults.getOrDefault(direction, Fault.NONE);
  }

  boolean isOpen() {
    return open;
  }

  void open(String host, int port) {
    try {
      broker.setReceiveBufferSize(FaultProxy.BUFFER_BYTES);
      broker.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      broker.connect(new InetSocketAddress(host, port), 2_000);
    } catch (IOException e) {
      reset();
      return;
    }
    FaultProxy.start("fault-proxy-to-broker", () -> pump(Direction.TO_BROKER, client, broker));
    FaultProxy.start("fault-proxy-to-client", () -> pump(Direction.TO_CLIENT, broker, client));
  }

  /** Until the client gives up. */
  void listenAndSayNothing() {
    try {
      client.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // That is how it gives up, too.
    }
    reset();
  }

  private void pump(Direction direction, Socket from, Socket to) {
    byte[] buffer = new byte[FaultProxy.BUFFER_BYTES];
    try {
      while (true) {
        Fault fault = proxy.awaitTurn(this, direction);
        int count = from.getInputStream().read(buffer, 0, fault.readSize());
        if (count < 0) {
          to.shutdownOutput();
          break;
        }
        int admitted = proxy.admit(this, direction, count);
        if (admitted != FaultProxy.SWALLOWED) {
          to.getOutputStream().write(buffer, 0, admitted);
          if (admitted < count) {
            reset();
          }
        }
      }
      if (flowing.decrementAndGet() == 0) {
        close(false);
      }
    } catch (IOException e) {
      reset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void halfClose(Direction direction) {
    try {
      (direction == Direction.TO_BROKER ? broker : client).shutdownOutput();
    } catch (IOException e) {
      reset();
    }
  }

  /** Ends both sides with an RST. */
  void reset() {
    close(true);
  }

  private void close(boolean hard) {
    open = false;
    for (Socket socket : new Socket[] {client, broker}) {
      try {
        if (hard) {
          socket.setSoLinger(true, 0);
        }
        socket.close();
      } catch (IOException e) {
        // It was closed already.
      }
    }
    proxy.signal();
    proxy.ended(this);
  }
}
