/** The broker of an app: {@link dev.eventcollector.examples.support.broker.AppBroker}. */
@NullMarked
package dev.eventcollector.examples.support.broker;

import org.jspecify.annotations.NullMarked;
