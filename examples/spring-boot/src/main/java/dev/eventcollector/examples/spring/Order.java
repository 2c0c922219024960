package dev.eventcollector.examples.spring;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An order in the database. */
@Entity
@Table(name = "orders")
class Order {
  @Id private int id;

  @Column(nullable = false)
  private boolean shipped;

  Order() {} // for JPA

  Order(int id) {
    this.id = id;
  }

  public int getId() {
    return id;
  }

  public boolean isShipped() {
    return shipped;
  }

  void ship() {
    shipped = true;
  }
}
