package dev.eventcollector.examples.kotlin

import dev.eventcollector.EventCollector

// tag::extension
/** A unit of work. Kotlin has no checked exceptions, so it cannot infer the second type itself. */
fun <T> EventCollector.unitOfWork(work: () -> T): T =
    unitsOfWork().call<T, RuntimeException> { work() }
// end::extension
