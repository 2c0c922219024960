package dev.eventcollector.examples.work.cli;

import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Shows JSON: to people indented, and on a terminal with the names in colour.
 *
 * @param compact in one line, for programs
 */
record JsonPrinter(boolean compact, boolean coloured) {

  private static final Pattern NAME = Pattern.compile("(?m)^( *(?:\\{ )?)(\"\\w+\")(?= :)");
  private static final String CYAN = "\u001b[36m";
  private static final String PLAIN = "\u001b[0m";

  String print(JsonNode json) {
    if (compact) {
      return json.toString();
    }
    String text = json.toPrettyString();
    return coloured ? NAME.matcher(text).replaceAll("$1" + CYAN + "$2" + PLAIN) : text;
  }
}
