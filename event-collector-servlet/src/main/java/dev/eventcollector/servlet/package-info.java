/**
 * Makes every request of a servlet container a unit of work: register {@link
 * dev.eventcollector.servlet.EventPublishingFilter}.
 */
@NullMarked
package dev.eventcollector.servlet;

import org.jspecify.annotations.NullMarked;
