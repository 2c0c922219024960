package dev.eventcollector.testkit.broker;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that is run on every broker there is, instead of {@code @Test}. Its name in the report
 * ends with the broker's; on those that are not available it is skipped, with the reason.
 *
 * <pre>{@code
 * @BrokerTest
 * void should_announce_order(Broker broker) { ... }
 * }</pre>
 *
 * <p>The broker may also be taken by a {@code @BeforeEach} or {@code @AfterEach} method of a class
 * that has no other tests. For a whole contract, subclasses with {@link WithBroker} read better in
 * most reports.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(EveryBrokerExtension.class)
public @interface BrokerTest {

  /** The brokers to run on. Defaults to all of them. */
  BrokerKind[] value() default {
    BrokerKind.EMBEDDED, BrokerKind.AMQP_URI, BrokerKind.TESTCONTAINERS
  };
}
