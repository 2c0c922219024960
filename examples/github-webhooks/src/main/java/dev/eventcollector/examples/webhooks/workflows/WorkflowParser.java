package dev.eventcollector.examples.webhooks.workflows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads workflows from YAML and finds everything that is wrong with them. It works on the nodes,
 * because those know their lines, and because there {@code 1.10} is still the branch and not the
 * number 1.1.
 */
final class WorkflowParser {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}");
  private static final Pattern EVENT = Pattern.compile("[a-z][a-z0-9_]*");

  /** No blanks of any kind, and nothing that cannot be seen. */
  private static final Pattern PATTERN = Pattern.compile("[^\\p{Z}\\p{Cc}\\p{Cf}]{1,250}");

  private static final Pattern UNSEEN = Pattern.compile("[\\p{Z}\\p{Cc}\\p{Cf}&&[^ ]]");

  /** Of scalars as they are written; any other asks for something that is not done here. */
  private static final Set<Tag> PLAIN_TAGS = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL);

  private static final String NAME_RULE =
      "must be letters, digits, blanks, '.', '_', '-', at most 100";
  private static final String EVENT_RULE = "must be the name of an event, such as pull_request";

  private static final int MAX_DEPTH = 20;
  private static final int MAX_ALIASES = 100;
  private static final int MAX_QUOTED = 200;

  private final String source;
  private final Problems problems = new Problems();
  private final Problems warnings = new Problems();

  WorkflowParser(String source) {
    this.source = source;
  }

  List<Workflow> parse(String yaml) throws InvalidWorkflowsException {
    List<Workflow> workflows = readDocument(compose(yaml));
    if (!problems.isEmpty()) {
      throw new InvalidWorkflowsException(problems.list());
    }
    if (workflows.isEmpty()) {
      warnings.add(source + " names no workflow, so that nothing will run");
    }
    return List.copyOf(workflows);
  }

  /** Parts of the file that have no effect, of which its author should know. */
  List<String> warnings() {
    return warnings.list();
  }

  private @Nullable Node compose(String yaml) throws InvalidWorkflowsException {
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(source).build();
      checkSize(new Parse(settings).parseString(yaml));
      return new Compose(settings).composeString(yaml).orElse(null);
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
      throw new InvalidWorkflowsException(source + line + ": not YAML: " + brief(e.getProblem()));
    } catch (YamlEngineException e) {
      throw new InvalidWorkflowsException(source + ": not YAML: " + brief(e.getMessage()));
    }
  }

  /** A parser's message may quote the file. */
  private static String brief(@Nullable String message) {
    String text = String.valueOf(message);
    return text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "..." : text;
  }

  /** Event by event, because composing recurses: deep nesting would overflow the stack. */
  private void checkSize(Iterable<Event> events) throws InvalidWorkflowsException {
    int depth = 0;
    int aliases = 0;
    for (Event event : events) {
      switch (event.getEventId()) {
        case SequenceStart, MappingStart -> depth++;
        case SequenceEnd, MappingEnd -> depth--;
        case Alias -> aliases++;
        default -> {}
      }
      if (depth > MAX_DEPTH || aliases > MAX_ALIASES) {
        int line = event.getStartMark().map(Mark::getLine).orElse(0) + 1;
        throw new InvalidWorkflowsException(
            String.format(
                Locale.ROOT,
                "%s:%d: %s",
                source,
                line,
                depth > MAX_DEPTH
                    ? "nested more than " + MAX_DEPTH + " deep"
                    : "more than " + MAX_ALIASES + " aliases"));
      }
    }
  }

  private List<Workflow> readDocument(@Nullable Node document) {
    List<Workflow> workflows = new ArrayList<>();
    Map<String, Node> fields = fields(document, "the file", Set.of("workflows"));
    Node list = fields.get("workflows");
    if (list instanceof SequenceNode sequence) {
      Set<String> names = new HashSet<>();
      for (Node node : sequence.getValue()) {
        Workflow workflow = readWorkflow(node);
        if (!workflow.name().isEmpty() && !names.add(workflow.name())) {
          problem(node, "a second workflow is named " + workflow.name() + "; names must differ");
        }
        workflows.add(workflow);
      }
    } else if (problems.isEmpty()) {
      problem(list == null ? document : list, "there must be a list named workflows");
    }
    return workflows;
  }

  private Workflow readWorkflow(Node node) {
    Map<String, Node> fields =
        fields(node, "a workflow", Set.of("name", "on", "actions", "branches", "repositories"));
    List<String> names = texts(fields, "name", NAME, NAME_RULE);
    List<String> events = texts(fields, "on", EVENT, EVENT_RULE);
    if (node instanceof MappingNode) {
      requireOne(names.isEmpty() && !fields.containsKey("name"), node, "name");
      requireOne(events.isEmpty() && !fields.containsKey("on"), node, "on");
    }
    if (names.size() > 1) {
      problem(node, "a workflow has one name, but there are " + names.size());
    }
    Workflow workflow =
        new Workflow(
            names.isEmpty() ? "" : names.get(0),
            Set.copyOf(events),
            Set.copyOf(texts(fields, "actions", EVENT, "must be an action, such as opened")),
            globs(fields, "branches", text -> text),
            globs(fields, "repositories", text -> text.toLowerCase(Locale.ROOT)));
    new WorkflowEffects(
            problem -> problem(node, problem), warning -> warnings.add(at(node) + warning))
        .check(workflow);
    return workflow;
  }

  private void requireOne(boolean missing, Node node, String field) {
    if (missing) {
      problem(node, "a workflow needs a field " + field);
    }
  }

  private List<Glob> globs(Map<String, Node> fields, String field, UnaryOperator<String> change) {
    return texts(
            fields,
            field,
            PATTERN,
            "must be a pattern without blanks, at most 250 characters, such as release/*")
        .stream()
        .map(change)
        .map(Glob::of)
        .toList();
  }

  /** The field's text, or list of texts, as far as each keeps the rule. */
  private List<String> texts(Map<String, Node> fields, String field, Pattern pattern, String rule) {
    Node node = fields.get(field);
    if (node == null) {
      return List.of();
    }
    List<Node> values = node instanceof SequenceNode list ? list.getValue() : List.of(node);
    if (values.isEmpty()) {
      problem(node, field + " is empty; leave it out, or name at least one");
    }
    List<String> texts = new ArrayList<>();
    for (Node value : values) {
      if (!(value instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
        problem(value, field + " must be text or a list of texts");
      } else if (!PLAIN_TAGS.contains(scalar.getTag())) {
        problem(value, field + " must be text without a tag, but has " + scalar.getTag());
      } else if (!pattern.matcher(scalar.getValue()).matches()) {
        problem(value, field + " '" + visible(scalar.getValue()) + "' " + rule);
      } else {
        texts.add(scalar.getValue());
      }
    }
    return texts;
  }

  /** In one line, and with the characters that the author may not have seen. */
  private static String visible(String text) {
    return UNSEEN
        .matcher(text)
        .replaceAll(found -> String.format(Locale.ROOT, "<U+%04X>", found.group().codePointAt(0)));
  }

  private Map<String, Node> fields(@Nullable Node node, String what, Set<String> known) {
    Map<String, Node> fields = new LinkedHashMap<>();
    if (!(node instanceof MappingNode mapping)) {
      problem(node, what + " must have the field(s) " + sorted(known));
      return fields;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      if (!known.contains(key)) {
        problem(
            tuple.getKeyNode(),
            String.format(
                Locale.ROOT, "'%s' is none of the fields %s", visible(key), sorted(known)));
      } else if (fields.put(key, tuple.getValueNode()) != null) {
        problem(tuple.getKeyNode(), String.format(Locale.ROOT, "'%s' is there twice", key));
      }
    }
    return fields;
  }

  private static String sorted(Set<String> names) {
    return String.join(", ", names.stream().sorted().toList());
  }

  private void problem(@Nullable Node node, String problem) {
    problems.add(at(node) + problem);
  }

  private String at(@Nullable Node node) {
    int line = node == null ? 1 : node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    return source + ":" + line + ": ";
  }
}
