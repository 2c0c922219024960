package dev.eventcollector.rabbitmq;

import dev.eventcollector.testkit.broker.BrokerKind;
import dev.eventcollector.testkit.broker.WithBroker;

@WithBroker(BrokerKind.TESTCONTAINERS)
class TestcontainersWorkerTest extends WorkerRetriesContract {}
