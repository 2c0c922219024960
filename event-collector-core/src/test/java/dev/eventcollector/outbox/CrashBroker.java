package dev.eventcollector.outbox;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The broker of the crash suite: keeps the ids that arrive, in order, and acknowledges each chunk.
 * It can be cut, which loses acknowledgements, and be away for a while.
 */
final class CrashBroker {

  private final ServerSocket server;
  private final List<String> arrived = new ArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean away;
  private volatile boolean losesAcknowledgements;

  CrashBroker() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "crash-broker");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = server.accept();
        if (away) {
          socket.close();
        } else {
          sockets.add(socket);
          daemon(() -> serve(socket));
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
          String id = in.readUTF(); // one by one, so that a chunk may arrive in part
          synchronized (arrived) {
            arrived.add(id);
          }
        }
        if (!losesAcknowledgements) {
          socket.getOutputStream().write(1);
        }
      }
    } catch (EOFException e) {
      // the process is gone
    } catch (IOException e) {
      // it was cut
    } finally {
      sockets.remove(socket);
    }
  }

  void cut() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  void away(boolean value) throws IOException {
    away = value;
    if (value) {
      cut();
    }
  }

  void losesAcknowledgements(boolean value) throws IOException {
    losesAcknowledgements = value;
    if (!value) {
      cut();
    }
  }

  List<String> arrived() {
    synchronized (arrived) {
      return List.copyOf(arrived);
    }
  }
}
