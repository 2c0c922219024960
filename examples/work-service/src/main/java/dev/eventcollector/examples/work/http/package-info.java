/**
 * HTTP, as the programs speak it: {@link dev.eventcollector.examples.work.http.HttpServer}, and the
 * {@link dev.eventcollector.examples.work.http.StatusPages} that each of them has.
 */
@NullMarked
package dev.eventcollector.examples.work.http;

import org.jspecify.annotations.NullMarked;
