/**
 * Spring Boot's tests: {@link dev.eventcollector.testkit.spring.EventCollectorTest} puts the
 * in-memory collector in place of the real one. All dependencies are optional.
 */
@NullMarked
package dev.eventcollector.testkit.spring;

import org.jspecify.annotations.NullMarked;
