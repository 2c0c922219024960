/** A service with Spring Boot. */
@NullMarked
package dev.eventcollector.examples.spring;

import org.jspecify.annotations.NullMarked;
