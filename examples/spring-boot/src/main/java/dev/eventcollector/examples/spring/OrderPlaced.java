package dev.eventcollector.examples.spring;

record OrderPlaced(int id) {}
