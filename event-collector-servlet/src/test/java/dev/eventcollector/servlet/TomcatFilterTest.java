package dev.eventcollector.servlet;

final class TomcatFilterTest extends FilterSuite {
  TomcatFilterTest() {
    super(TomcatContainer::new);
  }
}
