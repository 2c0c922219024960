package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventsNotConfirmedException;
import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitsOfWork;
import dev.eventcollector.spring.MockedCollector;
import dev.eventcollector.spring.TransactionUnits;
import java.time.Duration;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Makes the work of a {@code @RabbitListener} method a unit: the container acknowledges the message
 * when this returns, which is after the events are confirmed or stored.
 */
final class ListenerUnit implements MethodInterceptor {

  private static final Duration FOR_TRANSACTIONS = Duration.ofSeconds(30);

  private final Supplier<@Nullable EventCollector> collectors;
  private final Supplier<@Nullable TransactionUnits> transactions;

  ListenerUnit(
      Supplier<@Nullable EventCollector> collectors,
      Supplier<@Nullable TransactionUnits> transactions) {
    this.collectors = collectors;
    this.transactions = transactions;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    EventCollector collector = collectors.get();
    if (collector == null || MockedCollector.is(collector)) {
      return invocation.proceed();
    }
    UnitsOfWork units = collector.unitsOfWork();
    UnitOfWork transaction = units.current().orElse(null);
    if (transaction != null) {
      return within(transaction, invocation);
    }
    try (UnitOfWork unit = units.begin()) {
      Object result;
      try (UnitOfWork.Binding bound = unit.bind()) {
        result = invocation.proceed();
      }
      awaitTransactions(unit);
      PublishReport report = unit.publish();
      if (!report.allSafe()) {
        units.withdraw(report); // the message comes again, and enqueues anew
        throw new EventsNotConfirmedException(report);
      }
      return result;
    }
  }

  /**
   * The container has a transaction manager: the events follow the transaction that is around each
   * call. Where that has several attempts, those of the failed ones are dropped.
   */
  private static @Nullable Object within(UnitOfWork transaction, MethodInvocation invocation)
      throws Throwable {
    try (UnitOfWork attempt = transaction.nested()) {
      Object result;
      try (UnitOfWork.Binding bound = attempt.bind()) {
        result = invocation.proceed();
      }
      attempt.keep();
      return result;
    }
  }

  /** Their events stay owed in any case: the transaction is committed, and is not done again. */
  private void awaitTransactions(UnitOfWork unit) {
    TransactionUnits known = transactions.get();
    if (known != null) {
      for (PublishReport report : known.await(unit, FOR_TRANSACTIONS)) {
        if (!report.allSafe()) {
          throw new EventsNotConfirmedException(report);
        }
      }
    }
  }
}
