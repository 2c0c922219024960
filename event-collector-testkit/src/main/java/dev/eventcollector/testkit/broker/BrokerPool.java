package dev.eventcollector.testkit.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The brokers of a test run: started when a test first asks for one, stopped at the end of all. */
@SuppressWarnings("deprecation") // before 5.13, JUnit closes nothing else
final class BrokerPool implements Store.CloseableResource, AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(BrokerPool.class);
  private static final Namespace NAMESPACE = Namespace.create(BrokerPool.class);

  private final Settings settings;
  private final Map<BrokerKind, Slot> slots = new EnumMap<>(BrokerKind.class);

  BrokerPool(Settings settings) {
    this.settings = settings;
    for (BrokerKind kind : BrokerKind.values()) {
      slots.put(kind, new Slot(kind));
    }
  }

  static BrokerPool of(ExtensionContext context) {
    Store store = context.getRoot().getStore(NAMESPACE);
    synchronized (BrokerPool.class) {
      BrokerPool pool = store.get(BrokerPool.class, BrokerPool.class);
      if (pool == null) {
        pool = new BrokerPool(Settings.of(context.getRoot()));
        store.put(BrokerPool.class, pool);
      }
      return pool;
    }
  }

  Settings settings() {
    return settings;
  }

  /** The broker of this kind, which the first call starts. */
  Availability find(BrokerKind kind) {
    return slot(kind).find();
  }

  /** Notes that a test of this class begins, for the summary and the report. */
  void ranOn(BrokerKind kind, Class<?> testClass) {
    Slot slot = slot(kind);
    slot.tests.incrementAndGet();
    slot.testClasses.add(testClass.getName());
  }

  private Slot slot(BrokerKind kind) {
    return Objects.requireNonNull(slots.get(kind));
  }

  @Override
  public void close() {
    slots.values().forEach(Slot::close);
  }

  /** Whether a broker is there. */
  sealed interface Availability {
    /** It runs. */
    record Ready(RunningBroker broker) implements Availability {}

    /** It is missing; {@code mustFail} when somebody has asked for it expressly. */
    record Missing(String reason, boolean mustFail) implements Availability {}
  }

  private final class Slot {

    private final BrokerKind kind;
    private final AtomicInteger tests = new AtomicInteger();
    private final Set<String> testClasses = new ConcurrentSkipListSet<>();
    private @Nullable Availability found;

    Slot(BrokerKind kind) {
      this.kind = kind;
    }

    synchronized Availability find() {
      if (found == null) {
        found = start();
      }
      return found;
    }

    private Availability start() {
      boolean demanded = settings.demanded().contains(kind);
      if (!demanded && !settings.demanded().isEmpty()) {
        return new Availability.Missing(
            String.format(
                Locale.ROOT,
                "%s is left out: %s=%s",
                kind,
                Settings.BROKERS,
                settings.lookUp().apply(Settings.BROKERS)),
            false);
      }
      String prefix =
          demanded
              ? String.format(
                  Locale.ROOT, "%s is demanded by %s, but not available: ", kind, Settings.BROKERS)
              : kind + " is not available: ";
      try {
        return new Availability.Ready(RunningBrokers.start(kind, settings));
      } catch (BrokerUnavailableException e) {
        return new Availability.Missing(prefix + e.getMessage(), demanded);
      } catch (NoClassDefFoundError e) {
        // The embedded broker needs nothing installed, so the build is wrong.
        return new Availability.Missing(
            prefix
                + "a library is not on the class path: "
                + e.getMessage()
                + "; it needs "
                + kind.libraries()
                + hint(String.valueOf(e.getMessage())),
            demanded || kind == BrokerKind.EMBEDDED);
      } catch (RuntimeException e) {
        LOGGER.debug("{} cannot be used", kind, e);
        return new Availability.Missing(prefix + e.getMessage(), true);
      }
    }

    private static String hint(String missing) {
      return missing.startsWith("com/fasterxml/jackson/annotation/")
          ? "; and a newer com.fasterxml.jackson.core:jackson-annotations than the one that is there"
          : "";
    }

    synchronized void close() {
      if (found instanceof Availability.Ready ready) {
        LOGGER.info("{} tests ran on {}: {}", tests, kind, ready.broker());
        report(ready.broker());
        ready.broker().close();
      } else if (found instanceof Availability.Missing missing) {
        LOGGER.info("no tests ran on {}: {}", kind, missing.reason());
      }
    }

    private void report(RunningBroker broker) {
      String file = settings.report();
      if (file == null) {
        return;
      }
      List<String> lines =
          testClasses.stream().map(testClass -> testClass + "\t" + kind + ": " + broker).toList();
      try {
        Files.write(Path.of(file), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write " + Settings.REPORT + " " + file, e);
      }
    }
  }
}
