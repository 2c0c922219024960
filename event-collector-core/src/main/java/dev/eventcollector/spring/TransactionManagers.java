package dev.eventcollector.spring;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanCreationNotAllowedException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** Has every transaction manager of the context tell of its transactions, not only Boot's own. */
final class TransactionManagers
    implements BeanPostProcessor, SmartInitializingSingleton, Supplier<@Nullable TransactionUnits> {

  private static final Logger LOGGER = LoggerFactory.getLogger(TransactionUnits.class);

  private final UnitPerTransaction listener = new UnitPerTransaction(this);
  private final ConfigurableListableBeanFactory beans;
  private final ObjectProvider<TransactionUnits> provider;
  private volatile @Nullable TransactionUnits units;

  TransactionManagers(
      ConfigurableListableBeanFactory beans, ObjectProvider<TransactionUnits> provider) {
    this.beans = beans;
    this.provider = provider;
  }

  /** A manager that another post-processor depends on was made before there was this one. */
  @Override
  public void afterSingletonsInstantiated() {
    for (String name :
        beans.getBeanNamesForType(ConfigurableTransactionManager.class, true, false)) {
      if (beans.getSingleton(name) instanceof PlatformTransactionManager manager) {
        postProcessAfterInitialization(manager, name);
      }
    }
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    if (bean instanceof ConfigurableTransactionManager manager) {
      if (bean instanceof PlatformTransactionManager) {
        listenTo(manager);
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

  /** Once, as a manager may be a bean by two names: each transaction would have two units. */
  private void listenTo(ConfigurableTransactionManager manager) {
    if (!manager.getTransactionExecutionListeners().contains(listener)) {
      manager.addListener(listener);
    }
  }

  /** Found with the first transaction; null while the context is not that far, or is closing. */
  @Override
  public @Nullable TransactionUnits get() {
    TransactionUnits found = units;
    if (found == null) {
      try {
        found = provider.getIfAvailable();
        units = found;
      } catch (BeanCreationException e) {
        if (!e.contains(BeanCurrentlyInCreationException.class) // one that the collector needs
            && !(e instanceof BeanCreationNotAllowedException)) {
          throw e;
        }
        LOGGER.debug("A transaction begins before there is a collector, or after it", e);
      }
    }
    return found;
  }
}
