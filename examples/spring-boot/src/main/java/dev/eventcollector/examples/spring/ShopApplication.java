package dev.eventcollector.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A shop: takes orders, and ships them in the background. */
@SpringBootApplication(proxyBeanMethods = false)
public class ShopApplication {

  /** Starts the shop on port 8080. */
  public static void main(String[] args) {
    SpringApplication.run(ShopApplication.class, args);
  }
}
