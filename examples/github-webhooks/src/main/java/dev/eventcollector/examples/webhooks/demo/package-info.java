/**
 * {@code --demo}: {@link dev.eventcollector.examples.webhooks.demo.Demo} runs the app and sends it
 * deliveries, good and bad.
 */
@NullMarked
package dev.eventcollector.examples.webhooks.demo;

import org.jspecify.annotations.NullMarked;
