package dev.eventcollector.examples.webhooks.page;

import dev.eventcollector.examples.webhooks.github.GithubEvents;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where to read on at GitHub. Payloads are signed, and yet only plain https links come out. */
final class GithubLinks {

  private static final int MAX_CHARACTERS = 2_000;
  private static final Pattern FULL_NAME = Pattern.compile("[A-Za-z0-9._-]+/[A-Za-z0-9._-]+");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  /** The first that is there is what the event is about. */
  private static final Map<String, String> SUBJECTS =
      Map.ofEntries(
          Map.entry("/comment/html_url", "comment"),
          Map.entry("/review/html_url", "review"),
          Map.entry("/pull_request/html_url", "pull request"),
          Map.entry("/issue/html_url", "issue"),
          Map.entry("/discussion/html_url", "discussion"),
          Map.entry("/release/html_url", "release"),
          Map.entry("/workflow_job/html_url", "workflow job"),
          Map.entry("/workflow_run/html_url", "workflow run"),
          Map.entry("/check_run/html_url", "check run"),
          Map.entry("/alert/html_url", "alert"),
          Map.entry("/compare", "changes"));

  /** A link and its text. */
  record Link(String text, String href) {}

  private GithubLinks() {}

  static List<Link> of(
      @Nullable String event,
      @Nullable String repository,
      @Nullable String hookId,
      byte @Nullable [] payload) {
    JsonNode json = read(payload);
    List<Link> links = new ArrayList<>();
    String home = json == null ? null : link(json, "/repository/html_url");
    if (home == null && repository != null && FULL_NAME.matcher(repository).matches()) {
      home = "https://github.com/" + repository;
    }
    if (home != null) {
      links.add(new Link("repository", home));
    }
    if (json != null) {
      addSubject(json, links);
    }
    if (home != null && hookId != null && NUMBER.matcher(hookId).matches()) {
      links.add(new Link("webhook settings, to redeliver", home + "/settings/hooks/" + hookId));
    }
    if (event != null && GithubEvents.isKnown(event)) {
      links.add(
          new Link(
              "about this event",
              String.format(
                  Locale.ROOT,
                  "https://docs.github.com/webhooks/webhook-events-and-payloads#%s",
                  event)));
    }
    return links;
  }

  private static void addSubject(JsonNode json, List<Link> links) {
    for (String path : SUBJECTS.keySet().stream().sorted().toList()) {
      String href = link(json, path);
      if (href != null) {
        links.add(new Link(SUBJECTS.getOrDefault(path, "subject"), href));
      }
    }
  }

  private static @Nullable JsonNode read(byte @Nullable [] payload) {
    try {
      return payload == null ? null : JsonMapper.shared().readTree(payload);
    } catch (JacksonException e) {
      return null;
    }
  }

  private static @Nullable String link(JsonNode json, String path) {
    JsonNode found = json.at(path);
    if (!found.isString() || found.asString().length() > MAX_CHARACTERS) {
      return null;
    }
    try {
      URI uri = new URI(found.asString());
      return "https".equals(uri.getScheme()) && uri.getHost() != null ? uri.toString() : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
