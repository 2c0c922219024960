/** The auto-configurations, and when they back off. */
@NullMarked
package dev.eventcollector.examples.autoconfiguration;

import org.jspecify.annotations.NullMarked;
