/** A service on Spring Boot 3.5. */
@NullMarked
package dev.eventcollector.examples.spring3;

import org.jspecify.annotations.NullMarked;
