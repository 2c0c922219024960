package dev.eventcollector.rabbitmq;

import dev.eventcollector.testkit.broker.BrokerKind;
import dev.eventcollector.testkit.broker.WithBroker;
import org.junit.jupiter.api.Tag;

@Tag("needs-amqp-uri")
@WithBroker(BrokerKind.AMQP_URI)
class AmqpUriDeadLettersTest extends DeadLettersContract {}
