package dev.eventcollector.spring;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanCreationNotAllowedException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** Has every transaction manager of the context tell of its transactions, not only Boot's own. */
final class TransactionManagers implements BeanPostProcessor, Supplier<@Nullable TransactionUnits> {

  private static final Logger LOGGER = LoggerFactory.getLogger(TransactionUnits.class);

  private final ObjectProvider<TransactionUnits> provider;
  private volatile @Nullable TransactionUnits units;

  TransactionManagers(ObjectProvider<TransactionUnits> provider) {
    this.provider = provider;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    if (bean instanceof ConfigurableTransactionManager manager) {
      if (bean instanceof PlatformTransactionManager) {
        manager.addListener(new UnitPerTransaction(this));
      } else {
        LOGGER.warn(
            "Transactions of {} ({}) are no units of work, as they are reactive and belong to no"
                + " thread. Events that are enqueued in them do not follow them",
            beanName,
            bean.getClass().getName());
      }
    } else if (bean instanceof PlatformTransactionManager) {
      LOGGER.warn(
          "Transactions of {} ({}) are no units of work, as it takes no listeners"
              + " (ConfigurableTransactionManager). Events that are enqueued in them do not follow"
              + " them. Make the manager that it delegates to a bean",
          beanName,
          bean.getClass().getName());
    }
    return bean;
  }

  /** Found with the first transaction; null while the context is not that far, or is closing. */
  @Override
  public @Nullable TransactionUnits get() {
    TransactionUnits found = units;
    if (found == null) {
      try {
        found = provider.getIfAvailable();
        units = found;
      } catch (BeanCurrentlyInCreationException | BeanCreationNotAllowedException e) {
        LOGGER.debug("A transaction begins before there is a collector, or after it", e);
      }
    }
    return found;
  }
}
