package dev.eventcollector.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;

class BrokerTestTest {

  @BrokerTest
  void should_run_on_every_broker_when_it_is_there(Broker broker) {
    String queue = broker.declareUniqueQueue("every");

    assertThat(broker.messageCount(queue)).isZero();
  }
}
