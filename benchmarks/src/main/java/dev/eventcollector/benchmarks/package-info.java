/** The costs of publishing: in this JVM (JMH), and with a real broker beside other clients. */
@NullMarked
package dev.eventcollector.benchmarks;

import org.jspecify.annotations.NullMarked;
