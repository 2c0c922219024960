package dev.eventcollector.rabbitmq;

import dev.eventcollector.testkit.broker.BrokerKind;
import dev.eventcollector.testkit.broker.WithBroker;
import org.junit.jupiter.api.Tag;

@Tag("needs-docker")
@WithBroker(BrokerKind.TESTCONTAINERS)
class TestcontainersPublisherTest extends RabbitMqPublisherContract {}
