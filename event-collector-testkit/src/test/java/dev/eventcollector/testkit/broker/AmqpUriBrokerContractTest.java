package dev.eventcollector.testkit.broker;

import org.junit.jupiter.api.Tag;

@Tag("needs-amqp-uri")
@WithBroker(BrokerKind.AMQP_URI)
class AmqpUriBrokerContractTest extends BrokerContract {}
