@NullMarked
package dev.eventcollector.examples.support.settings;

import org.jspecify.annotations.NullMarked;
