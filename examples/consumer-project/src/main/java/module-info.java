/** The shop. */
module com.example.shop {
  requires dev.eventcollector.rabbitmq;
  requires dev.eventcollector.servlet;
  requires jakarta.servlet;
  requires java.sql;
  requires org.eclipse.jetty.ee10.servlet;
}
