package dev.eventcollector.examples.forwarder.forwarding;

import java.time.Duration;

/**
 * When a batch is full, and how much may be held.
 *
 * @param size records in a full batch; 0 when only the interval counts
 * @param interval how long the first record waits; zero when only the size counts
 * @param bufferRecords the most records that may be held
 * @param bufferBytes the most bytes that they may occupy, as the collector estimates them
 */
public record Batching(int size, Duration interval, int bufferRecords, long bufferBytes) {}
