package dev.eventcollector.testkit.broker;

/** There is no such broker here. The message says why. */
final class BrokerUnavailableException extends Exception {

  private static final long serialVersionUID = 1L;

  BrokerUnavailableException(String reason) {
    super(reason);
  }
}
