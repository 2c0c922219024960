/**
 * Flags and environment variables. {@link dev.eventcollector.examples.webhooks.settings.Settings}
 * lists and reads them all.
 */
@NullMarked
package dev.eventcollector.examples.webhooks.settings;

import org.jspecify.annotations.NullMarked;
