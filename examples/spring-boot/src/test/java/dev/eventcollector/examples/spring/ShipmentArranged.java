package dev.eventcollector.examples.spring;

record ShipmentArranged(int id) {}
