package dev.eventcollector.examples.spring;

record OrderShipped(int id) {}
