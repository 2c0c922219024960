/**
 * The outbox: events are stored in the user's database, in the user's transaction, and published
 * after the commit. Start with {@link dev.eventcollector.outbox.JdbcOutbox}. Optional: it needs the
 * module {@code java.sql}.
 */
@NullMarked
package dev.eventcollector.outbox;

import org.jspecify.annotations.NullMarked;
