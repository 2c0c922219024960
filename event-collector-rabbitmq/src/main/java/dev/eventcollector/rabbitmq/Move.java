package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;

/** A message on its way to another queue, through the default exchange. */
record Move(String queue, BasicProperties properties, byte[] body) {}
