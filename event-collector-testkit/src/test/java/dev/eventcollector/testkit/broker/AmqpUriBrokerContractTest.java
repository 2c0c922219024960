package dev.eventcollector.testkit.broker;

@WithBroker(BrokerKind.AMQP_URI)
class AmqpUriBrokerContractTest extends BrokerContract {}
