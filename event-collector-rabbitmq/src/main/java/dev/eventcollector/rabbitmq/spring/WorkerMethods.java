package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.spring.JsonCodec;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/** Finds the {@link EventWorker} methods of all beans, when these have been made. */
final class WorkerMethods implements SmartInitializingSingleton {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);

  private final ConfigurableListableBeanFactory beans;
  private final List<Found> all = new ArrayList<>();

  WorkerMethods(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  /** A method and its annotation. */
  record Found(WorkerMethod handler, EventWorker annotation) {}

  List<Found> all() {
    return all;
  }

  @Override
  public void afterSingletonsInstantiated() {
    JsonCodec json = JsonCodec.of(beans);
    List<String> names = new ArrayList<>();
    beans.getBeanNamesIterator().forEachRemaining(names::add); // also those without definition
    for (String name : names) {
      Class<?> type = typeOf(name);
      if (type == null || !AnnotationUtils.isCandidateClass(type, EventWorker.class)) {
        continue;
      }
      Map<Method, EventWorker> methods =
          MethodIntrospector.selectMethods(
              type,
              (MethodIntrospector.MetadataLookup<@Nullable EventWorker>)
                  method -> AnnotatedElementUtils.findMergedAnnotation(method, EventWorker.class));
      if (!methods.isEmpty()) {
        Object bean = beans.getBean(name);
        methods.forEach(
            (method, annotation) -> all.add(found(bean, type, method, annotation, json)));
      }
    }
    if (!all.isEmpty() && beans.getBeanNamesForType(EventWorkers.class, false, false).length == 0) {
      tellThatNothingCallsThem();
    }
  }

  private void tellThatNothingCallsThem() {
    if (beans.getBeanNamesForType(RabbitMqAccess.class, false, false).length == 0) {
      all.forEach(
          one -> LOGGER.warn("{} is off (event-collector.rabbitmq.enabled=false)", one.handler()));
      return;
    }
    int collectors = beans.getBeanNamesForType(EventCollector.class, true, false).length;
    throw new InvalidWorkerException(
        all.get(0).handler().method(),
        "has no collector: there "
            + (collectors == 0
                ? "is no EventCollector bean"
                : "are " + collectors + " EventCollector beans, and none is primary"),
        collectors == 0
            ? "Do not exclude EventCollectorAutoConfiguration, or define an EventCollector bean."
            : "Annotate the collector of requests, transactions and workers with @Primary.");
  }

  private @Nullable Class<?> typeOf(String name) {
    if (ScopedProxyUtils.isScopedTarget(name) // its proxy is another bean
        || (beans.containsBeanDefinition(name)
            && beans.getBeanDefinition(name).getRole() == BeanDefinition.ROLE_INFRASTRUCTURE)) {
      return null;
    }
    Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
    if (type != null && ScopedObject.class.isAssignableFrom(type)) {
      type = AutoProxyUtils.determineTargetClass(beans, ScopedProxyUtils.getTargetBeanName(name));
    }
    return type == null ? null : ClassUtils.getUserClass(type);
  }

  private static Found found(
      Object bean, Class<?> type, Method method, EventWorker annotation, @Nullable JsonCodec json) {
    Method invocable;
    try {
      invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
    } catch (IllegalStateException e) {
      throw new InvalidWorkerException(
          method,
          "cannot be called on the bean's proxy: " + e.getMessage(),
          "Make the method neither private nor final; where the proxy has the bean's interfaces"
              + " only, declare it in one of them, or set spring.aop.proxy-target-class=true.",
          e);
    }
    if (AopUtils.isCglibProxy(bean) && Modifier.isFinal(method.getModifiers())) {
      throw new InvalidWorkerException(
          method,
          "is final, so the bean's proxy cannot pass it on to the bean",
          "Make neither the method nor its class final (Kotlin: the compiler plugin for Spring).");
    }
    return new Found(new WorkerMethod(bean, type, invocable, method, json), annotation);
  }
}
