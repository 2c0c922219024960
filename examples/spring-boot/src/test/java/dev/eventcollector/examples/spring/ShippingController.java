package dev.eventcollector.examples.spring;

import java.util.concurrent.CompletableFuture;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ShippingController {
  private final Shipping shipping;

  ShippingController(Shipping shipping) {
    this.shipping = shipping;
  }

  // tag::controller
  @PostMapping("/orders/{id}/shipment")
  public CompletableFuture<String> ship(@PathVariable int id) {
    return shipping.arrange(id); // the request, and its unit of work, end when that does
  }

  // end::controller

  @PostMapping("/orders/{id}/reminder")
  public void remind(@PathVariable int id) {
    shipping.remind(id);
    if (id > 1000) {
      throw new IllegalArgumentException("no such order");
    }
  }
}
