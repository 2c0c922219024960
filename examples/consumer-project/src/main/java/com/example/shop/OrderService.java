package com.example.shop;

import dev.eventcollector.EventCollector;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Places orders, and says so. */
final class OrderService {

  private final EventCollector events;
  private final Set<String> orders = ConcurrentHashMap.newKeySet();

  OrderService(EventCollector events) {
    this.events = events;
  }

  void place(String order) {
    events.enqueueEvent(order, "orders");
    if (!orders.add(order)) {
      throw new IllegalArgumentException("order " + order + " was placed before");
    }
  }
}
