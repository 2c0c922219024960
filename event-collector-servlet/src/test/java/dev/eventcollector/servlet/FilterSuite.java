package dev.eventcollector.servlet;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** All contracts, for one container. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FilterSuite implements OutcomeContract, CommitContract, RequireContract {

  private final Factory factory;
  private Container container;
  private World world;

  FilterSuite(Factory factory) {
    this.factory = factory;
  }

  /** Starts a container. */
  @FunctionalInterface
  interface Factory {
    Container start(Threads threads) throws Exception;
  }

  @BeforeAll
  void startContainer() throws Exception {
    container = factory.start(Threads.PLATFORM);
  }

  @AfterAll
  void stopContainer() throws Exception {
    container.close();
  }

  @BeforeEach
  void makeWorld() {
    world = new World(container);
  }

  @AfterEach
  void closeWorld() throws Exception {
    world.close();
  }

  @Override
  public World world() {
    return world;
  }
}
