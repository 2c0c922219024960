@NullMarked
package dev.eventcollector.examples.support.http;

import org.jspecify.annotations.NullMarked;
