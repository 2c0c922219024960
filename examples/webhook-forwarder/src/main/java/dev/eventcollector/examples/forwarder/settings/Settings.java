package dev.eventcollector.examples.forwarder.settings;

import dev.eventcollector.examples.forwarder.forwarding.Batching;
import dev.eventcollector.examples.forwarder.sink.Posting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the forwarder is to work, checked. {@link Flags} has what each means.
 *
 * @param host to listen on; null for all
 * @param readTimeout for a request to come in
 * @param withoutEffect lines for the log about settings that have no effect
 */
public record Settings(
    @Nullable String host,
    int port,
    Duration readTimeout,
    Batching batching,
    Posting posting,
    int inFlight,
    @Nullable Path logFile,
    @Nullable Path spoolFile,
    Duration drainTimeout,
    List<String> withoutEffect) {}
