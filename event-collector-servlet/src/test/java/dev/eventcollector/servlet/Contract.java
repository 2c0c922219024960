package dev.eventcollector.servlet;

/** What the filter has to do in every container. */
interface Contract {

  /** This test's own. */
  World world();
}
