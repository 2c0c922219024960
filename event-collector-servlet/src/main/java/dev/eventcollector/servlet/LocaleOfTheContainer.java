package dev.eventcollector.servlet;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Formats with the container's locale on purpose, which the build forbids elsewhere. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
@interface LocaleOfTheContainer {}
