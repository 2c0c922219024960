package dev.eventcollector.rabbitmq.spring;

import org.aopalliance.aop.Advice;
import org.springframework.amqp.rabbit.config.BaseRabbitListenerContainerFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.util.ObjectUtils;

/** Advises what every container of {@code @RabbitListener} methods calls, innermost. */
final class ListenerContainers implements BeanPostProcessor {

  private final ListenerUnit unit;

  ListenerContainers(ListenerUnit unit) {
    this.unit = unit;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    if (bean instanceof BaseRabbitListenerContainerFactory<?> factory) {
      Advice[] before = factory.getAdviceChain();
      factory.setAdviceChain(
          ObjectUtils.addObjectToArray(before == null ? new Advice[0] : before, unit));
    }
    return bean;
  }
}
