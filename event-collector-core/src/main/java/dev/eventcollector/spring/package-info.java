/**
 * Spring Boot: the collector, its outbox and its meters without configuration, and transactions as
 * units of work. See {@code docs/spring-boot.md}. For the class path only; all dependencies are
 * optional.
 */
@NullMarked
package dev.eventcollector.spring;

import org.jspecify.annotations.NullMarked;
