package dev.eventcollector.benchmarks;

/**
 * The figures of one round.
 *
 * @param eventsPerSecond confirmed events
 * @param cpuMicros CPU time of this process for each event, its collector included; the compilers
 *     too where events are published, and not where they are consumed
 * @param bytes allocated for each event, on all threads
 * @param p50Micros half of the chunks took at most this long
 * @param p99Micros 99 of 100 chunks took at most this long
 */
record Figures(
    double eventsPerSecond, double cpuMicros, double bytes, double p50Micros, double p99Micros) {}
