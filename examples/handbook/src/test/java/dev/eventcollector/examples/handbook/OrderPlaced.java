package dev.eventcollector.examples.handbook;

record OrderPlaced(int id, String customer) {
  OrderPlaced(int id) {
    this(id, "acme");
  }
}
