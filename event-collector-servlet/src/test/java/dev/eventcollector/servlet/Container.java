package dev.eventcollector.servlet;

import jakarta.servlet.ServletContainerInitializer;

/** A real servlet container on a free port of 127.0.0.1. Its name is that of its test's prefix. */
interface Container extends AutoCloseable {

  /** Where it listens. */
  int port();

  /**
   * Deploys a web app and starts it.
   *
   * @throws Exception when that fails; the message, or that of a cause, tells why
   */
  Deployment deploy(String contextPath, ClassLoader loader, ServletContainerInitializer app)
      throws Exception;

  @Override
  void close() throws Exception;

  /** A web app that runs, until it is closed. */
  interface Deployment extends AutoCloseable {}
}
