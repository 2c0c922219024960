package dev.eventcollector.examples.webhooks.workflows;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern for branches and repositories: {@code *} stands for anything but a slash, {@code **}
 * for anything, {@code ?} for one character but a slash, and all else for itself.
 *
 * <p>Matching takes time in proportion to both lengths, whatever the pattern: a regular expression
 * with many wildcards could keep the worker busy for hours.
 */
record Glob(String text) {

  static Glob of(String text) {
    return new Glob(text);
  }

  boolean matches(String candidate) {
    boolean[] reached = new boolean[candidate.length() + 1]; // by the pattern so far
    reached[0] = true;
    for (String part : parts()) {
      reached =
          switch (part) {
            case "**" -> afterAny(reached, candidate, true);
            case "*" -> afterAny(reached, candidate, false);
            default -> afterOne(reached, candidate, part.charAt(0));
          };
    }
    return reached[candidate.length()];
  }

  /** Wildcards and single characters. */
  private List<String> parts() {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      boolean isDouble = text.startsWith("**", i);
      parts.add(isDouble ? "**" : text.substring(i, i + 1));
      i += isDouble ? 1 : 0;
    }
    return parts;
  }

  private static boolean[] afterAny(boolean[] reached, String candidate, boolean withSlashes) {
    boolean[] next = reached.clone();
    for (int i = 0; i < candidate.length(); i++) {
      next[i + 1] |= next[i] && (withSlashes || candidate.charAt(i) != '/');
    }
    return next;
  }

  private static boolean[] afterOne(boolean[] reached, String candidate, char wanted) {
    boolean[] next = new boolean[reached.length];
    for (int i = 0; i < candidate.length(); i++) {
      char c = candidate.charAt(i);
      next[i + 1] = reached[i] && (wanted == '?' ? c != '/' : c == wanted);
    }
    return next;
  }

  @Override
  public String toString() {
    return text;
  }
}
