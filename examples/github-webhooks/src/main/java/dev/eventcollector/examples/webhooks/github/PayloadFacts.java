package dev.eventcollector.examples.webhooks.github;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * The little that we want to know of a payload. Each is null where the payload lacks it, as many
 * do: an organisation's events have no repository, a push has no action.
 *
 * @param action what happened to the subject of the event, such as {@code opened}
 * @param hookId the webhook's own id, which only a ping tells
 * @param repository owner and name
 * @param branch that was pushed to, or is to be merged into
 * @param tag that was pushed, created or deleted, which is no branch
 * @param isDeletion whether a push has deleted its branch or tag
 */
public record PayloadFacts(
    @Nullable String action,
    @Nullable String hookId,
    @Nullable String repository,
    @Nullable String branch,
    @Nullable String tag,
    boolean isDeletion) {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_CHARACTERS = 1_000;
  private static final String BRANCH_REF = "refs/heads/";
  private static final String TAG_REF = "refs/tags/";

  private static final Set<String> WANTED =
      Set.of(
          "/action",
          "/hook_id",
          "/repository/full_name",
          "/ref",
          "/ref_type",
          "/deleted",
          "/branch",
          "/workflow_job/head_branch",
          "/pull_request/base/ref",
          "/merge_group/base_ref",
          "/check_run/check_suite/head_branch",
          "/check_suite/head_branch",
          "/workflow_run/head_branch");

  private static final String[] BRANCHES = {
    "/pull_request/base/ref",
    "/merge_group/base_ref",
    "/check_run/check_suite/head_branch",
    "/check_suite/head_branch",
    "/workflow_run/head_branch",
    "/workflow_job/head_branch",
    "/branch"
  };

  /** Facts of anything but a tag, or a push that deletes. */
  public PayloadFacts(
      @Nullable String action,
      @Nullable String hookId,
      @Nullable String repository,
      @Nullable String branch) {
    this(action, hookId, repository, branch, null, false);
  }

  /**
   * Reads the payload to its end, token by token: with 25 MB of it, a tree would take ten times
   * that.
   *
   * @throws MalformedPayloadException when it is not one JSON object and nothing else
   */
  public static PayloadFacts read(byte[] json) throws MalformedPayloadException {
    Map<String, String> found = new HashMap<>();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedPayloadException("the payload is not a JSON object");
      }
      readObject(parser, "", found);
      if (parser.nextToken() != null) {
        throw new MalformedPayloadException("something follows the payload's JSON object");
      }
    } catch (JacksonException e) {
      throw new MalformedPayloadException("the payload is not well-formed JSON" + where(e));
    }
    return new PayloadFacts(
        found.get("/action"),
        found.get("/hook_id"),
        found.get("/repository/full_name"),
        branch(found),
        tag(found),
        "true".equals(found.get("/deleted")) && found.containsKey("/ref"));
  }

  private static void readObject(JsonParser parser, String path, Map<String, String> found)
      throws MalformedPayloadException {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String child = path + "/" + parser.currentName().replace("/", "~1"); // as RFC 6901 has it
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_OBJECT && leadsToWanted(child)) {
        readObject(parser, child, found);
      } else if (WANTED.contains(child) && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
        found.put(child, shortText(parser, child));
      } else {
        parser.skipChildren();
      }
    }
  }

  /** No name of GitHub's is as long; a text of 25 MB would travel in headers and in the log. */
  private static String shortText(JsonParser parser, String path) throws MalformedPayloadException {
    String text = parser.getString();
    if (text.length() > MAX_CHARACTERS) {
      throw new MalformedPayloadException(
          String.format(
              Locale.ROOT, "the payload's %s has more than %d characters", path, MAX_CHARACTERS));
    }
    return text;
  }

  /** The message would quote the payload; too deep a nesting has no location. */
  private static String where(JacksonException e) {
    TokenStreamLocation location = e.getLocation();
    return location == null
        ? ""
        : String.format(
            Locale.ROOT, ", at line %d, column %d", location.getLineNr(), location.getColumnNr());
  }

  private static boolean leadsToWanted(String path) {
    return WANTED.stream().anyMatch(wanted -> wanted.startsWith(path + "/"));
  }

  private static @Nullable String tag(Map<String, String> found) {
    String ref = found.get("/ref");
    if (ref == null || "tag".equals(found.get("/ref_type"))) {
      return ref;
    }
    return ref.startsWith(TAG_REF) ? ref.substring(TAG_REF.length()) : null;
  }

  private static @Nullable String branch(Map<String, String> found) {
    String ref = found.get("/ref");
    if (ref != null && "branch".equals(found.get("/ref_type"))) {
      return ref; // a create or a delete
    }
    if (ref != null && ref.startsWith(BRANCH_REF)) {
      return ref.substring(BRANCH_REF.length());
    }
    for (String path : BRANCHES) {
      String branch = found.get(path);
      if (branch != null) {
        return branch.startsWith(BRANCH_REF) ? branch.substring(BRANCH_REF.length()) : branch;
      }
    }
    return null;
  }
}
