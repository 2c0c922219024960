package dev.eventcollector.testkit.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Puts an {@link dev.eventcollector.testkit.InMemoryEventCollector} in place of the application's
 * collector, beside {@code @SpringBootTest} or the annotation of a slice such as
 * {@code @WebMvcTest}.
 *
 * <pre>{@code
 * @SpringBootTest
 * @AutoConfigureMockMvc
 * @EventCollectorTest
 * class OrdersTest {
 *   @Test void should_announce_order(@Autowired MockMvcTester mvc, InMemoryEventCollector events) {
 *     assertThat(mvc.post().uri("/orders/42")).hasStatus(201);
 *     assertThat(events).published(event().toQueue("orders"));
 *   }
 * }
 * }</pre>
 *
 * <p>It is the bean of type {@code EventCollector}, with the application's encoder. Before each
 * test it is emptied, and its publisher confirms everything again. Test methods may take it, and
 * its {@link dev.eventcollector.testkit.ScriptedEventPublisher}, as a parameter; it can be
 * autowired as well. Tests that share the context must not run in parallel. Transactions, the
 * filter and the rules for events outside of units are as in production.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ImportAutoConfiguration
@ExtendWith(SpringEventCollectorExtension.class)
public @interface EventCollectorTest {}
