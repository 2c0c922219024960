package dev.eventcollector.examples.spring;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableAsync;

/** The service. */
@EnableAsync
@SpringBootApplication(proxyBeanMethods = false)
class ShopApplication {}
