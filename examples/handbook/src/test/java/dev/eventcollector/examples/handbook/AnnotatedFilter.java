package dev.eventcollector.examples.handbook;

import static jakarta.servlet.DispatcherType.*;

import dev.eventcollector.servlet.EventPublishingFilter;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.annotation.WebInitParam;

// tag::filter
@WebFilter(
    urlPatterns = "/*",
    asyncSupported = true,
    dispatcherTypes = {REQUEST, FORWARD, ASYNC, ERROR},
    initParams = @WebInitParam(name = "mode", value = "REQUIRE"))
public class AnnotatedFilter extends EventPublishingFilter {}
// end::filter
