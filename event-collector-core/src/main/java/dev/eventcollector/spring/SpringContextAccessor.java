package dev.eventcollector.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.micrometer.UnitOfWorkThreadLocalAccessor;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/**
 * Takes the unit of the request, delivery or block to other threads, for as long as the context is
 * there; never that of a transaction, which belongs to its thread.
 */
final class SpringContextAccessor implements ThreadLocalAccessor<UnitOfWork>, DisposableBean {

  private final UnitOfWorkThreadLocalAccessor accessor;
  private final EventCollector collector;
  private final @Nullable TransactionUnits transactions;

  SpringContextAccessor(EventCollector collector, @Nullable TransactionUnits transactions) {
    this.collector = collector;
    this.accessor = new UnitOfWorkThreadLocalAccessor(collector);
    this.transactions = transactions;
    ContextRegistry.getInstance().registerThreadLocalAccessor(this);
  }

  @Override
  public void destroy() {
    ContextRegistry.getInstance().removeThreadLocalAccessor(collector);
  }

  @Override
  public Object key() {
    return accessor.key();
  }

  @Override
  public @Nullable UnitOfWork getValue() {
    return transactions == null ? accessor.getValue() : transactions.portable();
  }

  @Override
  public void setValue(UnitOfWork unit) {
    accessor.setValue(unit);
  }

  @Override
  public void setValue() {
    accessor.setValue();
  }

  @Override
  public void restore(UnitOfWork previous) {
    accessor.restore(previous);
  }

  @Override
  public void restore() {
    accessor.restore();
  }
}
