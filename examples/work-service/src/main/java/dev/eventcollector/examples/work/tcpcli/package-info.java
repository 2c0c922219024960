/** Speaks HTTP by hand: {@link dev.eventcollector.examples.work.tcpcli.WorkTcpCli}. */
@NullMarked
package dev.eventcollector.examples.work.tcpcli;

import org.jspecify.annotations.NullMarked;
