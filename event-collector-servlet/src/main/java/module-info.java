/** A servlet filter that makes every request a unit of work. */
module dev.eventcollector.servlet {
  requires transitive dev.eventcollector.core;
  requires static transitive jakarta.servlet;
  requires static org.jspecify;
  requires org.slf4j;

  // For dev.eventcollector.servlet.spring, which works on the class path only.
  requires static spring.boot;
  requires static spring.boot.autoconfigure;
  requires static spring.context;
  requires static spring.core;

  exports dev.eventcollector.servlet;
}
