/** Pieces that the library's own modules share. No API: they change without notice. */
@NullMarked
package dev.eventcollector.internal;

import org.jspecify.annotations.NullMarked;
