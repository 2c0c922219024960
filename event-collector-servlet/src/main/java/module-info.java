/** A servlet filter that makes every request a unit of work. */
module dev.eventcollector.servlet {
  requires transitive dev.eventcollector.core;
  requires static transitive jakarta.servlet;
  requires static org.jspecify;
  requires org.slf4j;

  exports dev.eventcollector.servlet;
}
