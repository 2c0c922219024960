@NullMarked
package dev.eventcollector.examples.support.program;

import org.jspecify.annotations.NullMarked;
