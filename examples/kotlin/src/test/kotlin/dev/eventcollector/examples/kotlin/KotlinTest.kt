package dev.eventcollector.examples.kotlin

import dev.eventcollector.EventCollector
import dev.eventcollector.testkit.EventAssertions.assertThat
import dev.eventcollector.testkit.EventAssertions.assertThatThrownBy
import dev.eventcollector.testkit.EventAssertions.event
import dev.eventcollector.testkit.EventAssertions.exactly
import dev.eventcollector.testkit.EventCollectorExtension
import dev.eventcollector.testkit.InMemoryEventCollector
import java.io.IOException
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.ExtendWith

/** The library as Kotlin calls it. */
@ExtendWith(EventCollectorExtension::class)
class KotlinTest {

    data class OrderPlaced(val id: Int)

    private val events = EventCollector.threadSingletonInstance()

    @Test
    fun should_publish_when_the_block_returns(collector: InMemoryEventCollector) {
        // tag::use
        val order = events.unitOfWork {
            events.enqueueEvent(OrderPlaced(42), "orders")
            42
        }
        // end::use
        assertThat(order).isEqualTo(42)
        assertThat(collector)
            .published(event().withPayload(OrderPlaced::class.java) { it.id == 42 })
            .publishedNothingElse()
    }

    @Test
    fun should_return_null_when_the_work_does() {
        val nothing: String? = events.unitOfWork { null }

        assertThat(nothing).isNull()
    }

    @Test
    fun should_drop_the_events_when_the_block_throws(collector: InMemoryEventCollector) {
        assertThatThrownBy {
            events.unitOfWork {
                events.enqueueEvent(OrderPlaced(42), "orders")
                throw IOException("no stock")
            }
        }.isInstanceOf(IOException::class.java)

        assertThat(collector).publishedNothing().cleared(exactly(1), event())
    }

    @Test
    fun should_collect_into_the_unit_when_it_is_bound_by_hand(collector: InMemoryEventCollector) {
        events.unitsOfWork().begin().use { unit ->
            unit.bind().use { events.enqueueEvent("a", "orders") }
            unit.nested().use { nested -> nested.bind().use { events.enqueueEvent("b", "orders") } }
            unit.publish()
        }

        assertThat(collector).published(exactly(1), event()).cleared(event().withPayload("b"))
    }
}
