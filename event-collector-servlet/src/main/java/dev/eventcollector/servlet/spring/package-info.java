/**
 * Spring Boot: the filter without configuration. For the class path only; all dependencies are
 * optional.
 */
@NullMarked
package dev.eventcollector.servlet.spring;

import org.jspecify.annotations.NullMarked;
