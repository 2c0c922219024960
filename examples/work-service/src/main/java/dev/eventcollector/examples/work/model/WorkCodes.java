package dev.eventcollector.examples.work.model;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** Codes of works: who made it, and ten letters and digits. */
public final class WorkCodes {

  /** How the codes of works begin that were made by the API. */
  public static final String OF_API = "api-";

  /** How the codes of works begin that were made by the consumer. */
  public static final String OF_CONSUMER = "consumer-";

  private static final String ALPHANUMERICS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int RANDOM_LENGTH = 10;
  private static final RandomGenerator RANDOM = new SecureRandom();

  private WorkCodes() {}

  /** A new code that begins like this. */
  public static String next(String prefix) {
    StringBuilder code = new StringBuilder(prefix);
    for (int i = 0; i < RANDOM_LENGTH; i++) {
      code.append(ALPHANUMERICS.charAt(RANDOM.nextInt(ALPHANUMERICS.length())));
    }
    return code.toString();
  }
}
