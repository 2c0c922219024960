package dev.eventcollector.testkit.broker;

import org.junit.jupiter.api.Tag;

@Tag("needs-docker")
@WithBroker(BrokerKind.TESTCONTAINERS)
class TestcontainersBrokerContractTest extends BrokerContract {}
