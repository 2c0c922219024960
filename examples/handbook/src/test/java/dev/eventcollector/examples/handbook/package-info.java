/** The code that the documents show, as tests. */
@NullMarked
package dev.eventcollector.examples.handbook;

import org.jspecify.annotations.NullMarked;
