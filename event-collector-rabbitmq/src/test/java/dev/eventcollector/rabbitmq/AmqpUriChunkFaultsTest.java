package dev.eventcollector.rabbitmq;

import dev.eventcollector.testkit.broker.BrokerKind;
import dev.eventcollector.testkit.broker.WithBroker;

@WithBroker(BrokerKind.AMQP_URI)
class AmqpUriChunkFaultsTest extends ChunkFaultsContract {}
