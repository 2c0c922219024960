package com.example.shop;

import static jakarta.servlet.DispatcherType.ASYNC;
import static jakarta.servlet.DispatcherType.ERROR;
import static jakarta.servlet.DispatcherType.REQUEST;

import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.servlet.EventPublishingFilter;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The service: takes orders by HTTP, and writes an invoice for each. */
public final class Shop implements AutoCloseable {

  private final PublishingEventCollector collector;
  private final Server server;
  private final RabbitMqWorker worker;

  /** Starts it; port 0 is any that is free. */
  public Shop(String brokerUri, int port) throws Exception {
    var publisher =
        RabbitMqEventPublisher.builder().uri(brokerUri).declareQueues("orders", "invoices").build();
    collector = PublishingEventCollector.builder(publisher).build();

    var context = new ServletContextHandler();
    var events = new FilterHolder(new EventPublishingFilter(collector));
    events.setAsyncSupported(true);
    context.addFilter(events, "/*", EnumSet.of(REQUEST, ASYNC, ERROR));
    context.addServlet(
        new ServletHolder(new OrderServlet(new OrderService(collector))), "/orders");
    server = new Server(new InetSocketAddress("127.0.0.1", port));
    server.setHandler(context);
    server.start();

    worker =
        RabbitMqWorker.builder()
            .uri(brokerUri)
            .collector(collector)
            .queue("orders")
            .handler((order, out) -> out.enqueueEvent("invoice of " + order.bodyAsText(), "invoices"))
            .start();
  }

  int port() {
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  /** Stops taking orders first, and publishes what is owed last. */
  @Override
  public void close() throws Exception {
    server.stop();
    worker.close();
    collector.close();
  }

  /** Needs a broker at AMQP_URI. */
  public static void main(String[] args) throws Exception {
    var shop = new Shop(System.getenv("AMQP_URI"), 8080);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> closeQuietly(shop)));
  }

  private static void closeQuietly(Shop shop) {
    try {
      shop.close();
    } catch (Exception e) {
      System.err.println("the shop was not closed: " + e);
    }
  }
}
