package dev.eventcollector.examples.faktory;

import java.util.regex.Pattern;

/** The meaning of the server's error messages, which have no codes (Faktory 1.10). */
final class ServerErrors {

  /** Of a job itself ({@code manager/manager.go}). */
  private static final Pattern RULE =
      Pattern.compile(
          "jobs (must|cannot) |queue names must|invalid timestamp|cannot marshal|^NOTUNIQUE",
          Pattern.CASE_INSENSITIVE);

  /** Its Redis is away, or too slow, so that the command may have been carried out or not. */
  private static final Pattern NO_REDIS =
      Pattern.compile(
          "deadline exceeded|timeout|connection|broken pipe|EOF|closed|context canceled"
              + "|\\b(OOM|MISCONF|LOADING|READONLY|BUSY|MASTERDOWN|CLUSTERDOWN)\\b",
          Pattern.CASE_INSENSITIVE);

  private ServerErrors() {}

  static boolean isAboutTheJob(String message) {
    return RULE.matcher(message).find();
  }

  static boolean isAboutRedis(String message) {
    return NO_REDIS.matcher(message).find();
  }

  /** Whether the server has no room, or is stopping, and has carried out nothing. */
  static boolean isAboutTheConnection(String message) {
    return message.startsWith("too many connections") || message.startsWith("shutdown in progress");
  }

  /** Whether it makes sense to repeat the command. */
  static boolean mayPass(String message) {
    return isAboutTheConnection(message)
        || isAboutRedis(message)
        || message.startsWith("internal error");
  }
}
