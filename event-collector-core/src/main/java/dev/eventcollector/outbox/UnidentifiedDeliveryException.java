package dev.eventcollector.outbox;

/**
 * The inbox cannot recognise a delivery when it comes again, since its queue or its message id is
 * missing or too long. Another attempt would end the same way: a worker moves the delivery to its
 * dead-letter queue at once.
 */
public final class UnidentifiedDeliveryException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /** With what is missing, and what to do about it. */
  public UnidentifiedDeliveryException(String message) {
    super(message);
  }
}
