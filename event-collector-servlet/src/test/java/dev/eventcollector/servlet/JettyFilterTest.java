package dev.eventcollector.servlet;

final class JettyFilterTest extends FilterSuite {
  JettyFilterTest() {
    super(JettyContainer::new);
  }
}
