package dev.eventcollector;

/** Makes the threads of the collector. */
final class OwnThread {

  private OwnThread() {}

  /**
   * A daemon. It outlives the thread that starts it, and must keep nothing of that alive: no
   * inheritable values, and no class loader of a web app that is undeployed later.
   */
  static Thread of(Runnable work, String name) {
    Thread thread = new Thread(null, work, name, 0, false);
    thread.setContextClassLoader(OwnThread.class.getClassLoader());
    thread.setDaemon(true);
    return thread;
  }
}
