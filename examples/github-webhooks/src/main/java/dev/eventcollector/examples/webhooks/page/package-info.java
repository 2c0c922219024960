/**
 * The page for operators. {@link dev.eventcollector.examples.webhooks.page.Page} is the front door.
 */
@NullMarked
package dev.eventcollector.examples.webhooks.page;

import org.jspecify.annotations.NullMarked;
