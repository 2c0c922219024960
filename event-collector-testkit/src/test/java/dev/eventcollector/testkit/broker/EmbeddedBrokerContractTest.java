package dev.eventcollector.testkit.broker;

@WithBroker(BrokerKind.EMBEDDED)
class EmbeddedBrokerContractTest extends BrokerContract {}
