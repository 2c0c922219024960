package dev.eventcollector;

/** Makes the threads of the collector. */
final class OwnThread {

  private OwnThread() {}

  /**
   * A daemon. It outlives the thread that happens to start it, and must keep nothing of that alive:
   * not what is inheritable, and not the class loader of a web app that is undeployed later.
   */
  static Thread of(Runnable work, String name) {
    Thread thread = new Thread(null, work, name, 0, false);
    thread.setContextClassLoader(OwnThread.class.getClassLoader());
    thread.setDaemon(true);
    return thread;
  }
}
