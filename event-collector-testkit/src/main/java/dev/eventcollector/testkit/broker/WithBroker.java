package dev.eventcollector.testkit.broker;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class, or one test, a broker: a parameter of type {@link Broker}.
 *
 * <pre>{@code
 * @WithBroker
 * class OrdersTest {
 *   @Test void should_announce_order(Broker broker) { ... }
 * }
 *
 * @WithBroker(BrokerKind.EMBEDDED) class OrdersOnEmbeddedBrokerTest extends OrdersContract {}
 * @WithBroker(BrokerKind.AMQP_URI) class OrdersOnRabbitMqTest extends OrdersContract {}
 * }</pre>
 *
 * <p>A broker taken by a test or a {@code @BeforeEach} method belongs to that test: what it
 * declared is deleted after it. One taken by a {@code @BeforeAll} method or a constructor belongs
 * to all tests of the class, which get the same one, emptied after each test; the tests of such a
 * class cannot run in parallel.
 *
 * <p>Where the broker is not available, the tests are skipped, and the report says why. The
 * environment variable {@code EVENT_COLLECTOR_BROKERS} (or the system property {@code
 * event.collector.brokers}) demands brokers, {@code embedded,amqp-uri} say: then a missing one is a
 * failure, and tests for any other are skipped. An {@code AMQP_URI} that is set but does not answer
 * is a failure always.
 *
 * <p>{@code EVENT_COLLECTOR_BROKER_REPORT} names a file. At the end of a run each test class that
 * used a broker adds a line to it: its name, a tab, and kind, product, version and address of the
 * broker.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(BrokerExtension.class)
public @interface WithBroker {

  /**
   * The brokers that will do; the first that is available is taken. Defaults to the first that is
   * named by {@code EVENT_COLLECTOR_BROKERS}, or to the embedded one when that is not set.
   */
  BrokerKind[] value() default {};
}
