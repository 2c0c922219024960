package dev.eventcollector.examples.spring;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The service. */
@SpringBootApplication(proxyBeanMethods = false)
class ShopApplication {}
