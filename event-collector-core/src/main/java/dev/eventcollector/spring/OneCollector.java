package dev.eventcollector.spring;

import dev.eventcollector.EventCollector;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Stops the start when there are several collectors and none is primary: filter, workers and
 * transactions could not know theirs, and would be left out.
 */
final class OneCollector implements SmartInitializingSingleton {

  private final ConfigurableListableBeanFactory beans;

  OneCollector(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  @Override
  public void afterSingletonsInstantiated() {
    try {
      beans.getBeanProvider(EventCollector.class).getIfAvailable();
    } catch (NoUniqueBeanDefinitionException e) {
      throw new SeveralCollectorsException(e);
    }
  }

  /** None of the collectors is primary. */
  static final class SeveralCollectorsException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    SeveralCollectorsException(NoUniqueBeanDefinitionException cause) {
      super(
          "There are several EventCollector beans, and none is primary: "
              + cause.getBeanNamesFound(),
          cause);
    }
  }
}
