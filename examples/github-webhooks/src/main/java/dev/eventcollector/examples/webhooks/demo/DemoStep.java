package dev.eventcollector.examples.webhooks.demo;

import java.util.List;

/**
 * One request of the demo, and what must become of it.
 *
 * @param title what is special about it
 * @param status the answer it must get
 * @param runs the workflows that must be started by it
 */
record DemoStep(String title, SampleDelivery delivery, int status, List<String> runs) {

  String id() {
    return delivery.headers().getOrDefault(SampleDelivery.DELIVERY, "-");
  }

  String event() {
    return delivery.headers().getOrDefault(SampleDelivery.EVENT, "-");
  }
}
