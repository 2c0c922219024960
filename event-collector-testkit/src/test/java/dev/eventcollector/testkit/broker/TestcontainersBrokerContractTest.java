package dev.eventcollector.testkit.broker;

@WithBroker(BrokerKind.TESTCONTAINERS)
class TestcontainersBrokerContractTest extends BrokerContract {}
