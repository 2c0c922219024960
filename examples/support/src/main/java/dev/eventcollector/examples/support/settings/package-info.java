/**
 * Settings from flags and environment: rules for values, groups of settings that several apps have,
 * and {@link dev.eventcollector.examples.support.settings.SettingsReader}.
 */
@NullMarked
package dev.eventcollector.examples.support.settings;

import org.jspecify.annotations.NullMarked;
