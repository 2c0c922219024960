package dev.eventcollector.servlet;

/** The filter's duties in every container. */
interface Contract {

  /** This test's own. */
  World world();
}
