/**
 * Flags and environment, read and checked: {@link
 * dev.eventcollector.examples.forwarder.settings.Settings}.
 */
@NullMarked
package dev.eventcollector.examples.forwarder.settings;

import org.jspecify.annotations.NullMarked;
