/** The shop. */
module com.example.shop {
  requires dev.eventcollector.rabbitmq;
  requires dev.eventcollector.servlet;
  requires jakarta.servlet;
  requires org.eclipse.jetty.ee10.servlet;
}
