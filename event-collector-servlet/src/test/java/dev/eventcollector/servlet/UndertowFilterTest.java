package dev.eventcollector.servlet;

final class UndertowFilterTest extends FilterSuite {
  UndertowFilterTest() {
    super(UndertowContainer::new);
  }
}
