/**
 * HTTP: {@link dev.eventcollector.examples.support.http.HttpServer}, and the {@link
 * dev.eventcollector.examples.support.http.StatusPages} of each program.
 */
@NullMarked
package dev.eventcollector.examples.support.http;

import org.jspecify.annotations.NullMarked;
