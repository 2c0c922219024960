@NullMarked
package dev.eventcollector.examples.support.logging;

import org.jspecify.annotations.NullMarked;
