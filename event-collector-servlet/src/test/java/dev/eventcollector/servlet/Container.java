package dev.eventcollector.servlet;

import jakarta.servlet.ServletContainerInitializer;
import org.jspecify.annotations.Nullable;

/** A real servlet container on a free port of 127.0.0.1. Its name is that of its test's prefix. */
interface Container extends AutoCloseable {

  /** Where it listens. */
  int port();

  /**
   * Deploys a web app and starts it.
   *
   * @param errorPage the path of the page for every error, if there is one
   * @throws Exception when that fails; the message, or that of a cause, tells why
   */
  Deployment deploy(
      String contextPath,
      ClassLoader loader,
      @Nullable String errorPage,
      ServletContainerInitializer app)
      throws Exception;

  @Override
  void close() throws Exception;

  /** A web app that runs, until it is closed. */
  interface Deployment extends AutoCloseable {}
}
