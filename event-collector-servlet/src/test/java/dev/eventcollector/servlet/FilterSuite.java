package dev.eventcollector.servlet;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** All contracts, for one kind of container. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FilterSuite
    implements OutcomeContract,
        CommitContract,
        RequireContract,
        AsyncContract,
        AsyncOutputContract,
        ListenerContract,
        DispatchContract,
        ErrorPageContract,
        RegistrationContract,
        LoadContract,
        TransparencyContract,
        WrappingContract,
        RefusalContract,
        NoticeContract,
        OtherFiltersContract,
        WireContract,
        UpgradeContract,
        AsyncInFrontContract,
        WebSocketContract,
        JspContract,
        ReportsContract,
        RedeployContract {

  private final Factory factory;
  private final Map<Threads, Container> containers = new EnumMap<>(Threads.class);
  private World world;

  FilterSuite(Factory factory) {
    this.factory = factory;
  }

  /** Starts a container. */
  @FunctionalInterface
  interface Factory {
    Container start(Threads threads) throws Exception;
  }

  @Override
  public final Container container(Threads threads) throws Exception {
    Container container = containers.get(threads);
    if (container == null) {
      container = factory.start(threads);
      containers.put(threads, container);
    }
    return container;
  }

  @AfterAll
  final void stopContainers() throws Exception {
    for (Container container : containers.values()) {
      container.close();
    }
  }

  @BeforeEach
  final void makeWorld() throws Exception {
    world = world(Threads.PLATFORM);
  }

  @AfterEach
  final void closeWorld() throws Exception {
    world.close();
  }

  @Override
  public final World world() {
    return world;
  }

  @Override
  public final World world(Threads threads) throws Exception {
    return new World(container(threads));
  }
}
