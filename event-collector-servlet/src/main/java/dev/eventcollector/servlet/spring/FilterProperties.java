package dev.eventcollector.servlet.spring;

import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.Ordered;

/**
 * Settings of the filter that makes each request a unit of work.
 *
 * @param enabled Whether to register the filter.
 * @param mode The effect of an unconfirmed event on the response: none (keep), or a 503 (require).
 * @param success The statuses of successful responses, as statuses and ranges.
 * @param publishBeforeCommit Whether events are published before the response is committed, not
 *     only at the end of the request.
 * @param withdrawUnconfirmed Whether events are withdrawn when the answer is 503 because they were
 *     not confirmed.
 * @param retryAfter The delay after which a client that got the 503 is asked to retry.
 * @param order The order of the filter. It is the first by default.
 * @param urlPatterns The requests that are units of work.
 */
@ConfigurationProperties("event-collector.filter")
record FilterProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("keep") Mode mode,
    @Nullable String success,
    @DefaultValue("true") boolean publishBeforeCommit,
    @DefaultValue("false") boolean withdrawUnconfirmed,
    @Nullable Duration retryAfter,
    @DefaultValue("" + Ordered.HIGHEST_PRECEDENCE) int order,
    @DefaultValue("/*") List<String> urlPatterns) {}
