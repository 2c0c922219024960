import { call } from "./api.js";
import { badge, find } from "./deliveries.js";
import { say } from "./dialogs.js";
import { byId, duration, el, eventName, foreign, plural, setText, time, visible } from "./dom.js";
import { go, param } from "./url.js";

const MOST_VERDICTS = 100;
const MOST_WANTED = 12;
const dialog = byId("opened");
let shown = ""; // what the drawer shows, so that it is not filled anew when nothing has changed

function list(texts) {
  const some = texts.slice(0, MOST_WANTED).flatMap((text, i) => [i ? ", " : "", foreign(text)]);
  return texts.length > MOST_WANTED ? [...some, ` and ${texts.length - MOST_WANTED} more`] : some;
}

function ruleRow(rule) {
  const has = rule.has === null ? "nothing of the kind" : foreign(rule.has);
  return el(
    "tr",
    null,
    el("th", { scope: "row" }, rule.field),
    el("td", null, ...list(rule.wanted)),
    el("td", null, has, ...(rule.note ? [": ", foreign(rule.note)] : [])),
    el("td", { class: rule.holds ? "yes" : "no" }, rule.holds ? "✓" : "✕", el("span", { class: "words" }, rule.holds ? " holds" : " does not hold")),
  );
}

function rules(verdict) {
  const head = ["Rule", "Wants one of", "Delivery has", "Result"].map((text, i) => el("th", { scope: "col" }, el("span", { class: i === 3 ? "words" : null }, text)));
  return el("table", null, el("thead", null, el("tr", null, ...head)), el("tbody", null, ...verdict.rules.map(ruleRow)));
}

function verdictBox(verdict) {
  const broken = verdict.rules.filter((rule) => !rule.holds).map((rule) => rule.field);
  const result = verdict.starts
    ? el("span", { class: "yes" }, "✓ started: every rule holds")
    : el("span", { class: "no" }, `✕ not started because of ${broken.join(" and ")}`);
  return el("div", { class: verdict.starts ? "verdict starts" : "verdict" },
    el("p", null, el("b", null, foreign(verdict.workflow)), result), rules(verdict));
}

/** Started ones, then those that want this event and something else, then those that want another event. */
function why(verdicts) {
  const started = verdicts.filter((one) => one.starts);
  const near = verdicts.filter((one) => !one.starts && one.rules[0].holds);
  const others = verdicts.filter((one) => !one.rules[0].holds);
  const boxes = [...started, ...near].slice(0, MOST_VERDICTS).map(verdictBox);
  const left = started.length + near.length - boxes.length;
  return [
    ...boxes,
    left > 0 ? el("p", { class: "muted" }, `and ${left} more`) : null,
    others.length
      ? el("details", { class: "verdict" },
        el("summary", null, el("b", null, plural(others.length, "workflow", "workflows")), el("span", { class: "muted" }, others.length === 1 ? "wants another event" : "want other events")),
        ...others.slice(0, MOST_VERDICTS).map(verdictBox))
      : null,
  ];
}

function summary(row, verdicts) {
  if (!verdicts) {
    return row.reason ? "Its workflows were not chosen: the last attempt failed before that." : "Its workflows are not chosen yet: it waits in the queue.";
  }
  const all = plural(verdicts.length, "workflow", "workflows");
  if (!row.started.length) {
    return verdicts.length ? `It started none of ${all}.` : "It started nothing: no workflow is configured.";
  }
  return [`It started ${row.started.length} of ${all}: `, ...list(row.started), "."];
}

function facts(pairs) {
  return el("dl", { class: "facts" }, ...pairs.filter(([, value]) => value !== null && value !== "")
    .flatMap(([name, value]) => [el("dt", null, name), el("dd", null, value)]));
}

function steps(detail) {
  const items = detail.steps.map((step) => el("li", null, time(step.at), " ", step.what, step.detail ? el("p", null, foreign(step.detail)) : null));
  if (detail.stepsLeftOut) {
    items.splice(1, 0, el("li", { class: "muted" }, `${detail.stepsLeftOut} more`));
  }
  return el("ol", { class: "steps" }, ...items);
}

function links(some) {
  return el("ul", { class: "links" }, ...some.map((one) => el("li", null,
    el("a", { href: one.href, target: "_blank", rel: "noopener noreferrer" }, one.text, el("span", { class: "hidden" }, " (opens in a new tab)")))));
}

/** What GitHub sent, or where to look for it. */
export function payloadPart(payload) {
  return payload
    ? [payload.shortened ? el("p", { class: "muted" }, "Only its beginning:") : null, el("pre", { id: "opened-payload", tabindex: "0", "aria-label": "Payload" }, visible(payload.text))]
    : [el("p", { class: "muted" }, "It is not kept here: only the latest payloads are, as far as 8 MB reach. GitHub shows it among the webhook's recent deliveries.")];
}

/** Why, what happened, facts, links and payload of a delivery that is remembered. */
export function deliveryParts(detail) {
  const { row, verdicts } = detail;
  return [
    el("p", { class: "summary", id: "opened-summary" }, summary(row, verdicts)),
    verdicts ? el("section", { id: "why", "aria-label": "Why" }, ...why(verdicts)) : null,
    el("h3", null, "What happened"),
    steps(detail),
    el("h3", null, "Facts"),
    facts([
      ["Delivery", foreign(row.delivery, { class: "id" })],
      ["Repository", row.repository && foreign(row.repository)],
      ["Branch", row.branch && foreign(row.branch)],
      ["Attempts", row.attempts ? String(row.attempts) : null],
      ["Took", row.durationMillis === null ? null : duration(row.durationMillis)],
    ]),
    detail.links.length ? el("h3", null, "At GitHub") : null,
    detail.links.length ? links(detail.links) : null,
  ];
}

/** Fills the drawer, and opens it. */
export function show(title, parts) {
  const had = document.activeElement && byId("opened-content").contains(document.activeElement) ? document.activeElement.id : null;
  byId("opened-title").replaceChildren(...title);
  byId("opened-content").replaceChildren(...parts.flat().filter(Boolean));
  if (!dialog.open) {
    dialog.showModal();
    dialog.scrollTop = 0;
  } else if (had && byId(had)) {
    byId(had).focus();
  }
}

async function retryNow(id, button) {
  button.disabled = true; // until it is answered, so that a second click does nothing
  try {
    await call(`/page/delivery/retry?id=${encodeURIComponent(id)}`, "POST");
    say("Sent for another attempt now.");
  } catch (problem) {
    say(problem.message);
    button.disabled = false;
  }
}

function actions(row) {
  if (row.status === "RETRYING") {
    const button = el("button", { type: "button", id: "retry-now", class: "primary" }, "Retry now");
    button.addEventListener("click", () => retryNow(row.delivery, button));
    return el("p", { class: "buttons" }, button);
  }
  if (row.status === "DEAD") {
    const button = el("button", { type: "button", id: "show-dead" }, "Show the dead deliveries");
    button.addEventListener("click", () => go({ view: "dead", open: "" }));
    return el("p", { class: "buttons" }, button);
  }
  return null;
}

function unknown(id) {
  return [
    el("p", { class: "summary", id: "opened-summary" }, "This delivery is not remembered here."),
    el("p", null, "Remembered are the latest 1,000 of the last hour, and none from before this process started. GitHub lists what it has sent"
      + " among the webhook's recent deliveries; a dead one is on the list of dead deliveries."),
    el("h3", null, "Facts"),
    facts([["Delivery", foreign(id, { class: "id" })]]),
  ];
}

/** Shows the delivery that the address names, if it has changed. */
export async function showOpened() {
  const id = param("open");
  if (!id) {
    if (shown) {
      shown = "";
      dialog.close();
    }
    return;
  }
  const row = find(id);
  const version = `${id} ${row ? row.version : "?"}`;
  if (version === shown) {
    return;
  }
  shown = version;
  try {
    const detail = await call(`/page/delivery?id=${encodeURIComponent(id)}`);
    if (param("open") === id) {
      show([foreign(eventName(detail.row)), " ", badge(detail.row.status, detail.row.attempts)],
        [...deliveryParts(detail), actions(detail.row), el("h3", null, "Payload"), ...payloadPart(detail.payload)]);
    }
  } catch (problem) {
    if (problem.status === 404) {
      show(["Delivery"], unknown(id));
    } else {
      show(["Delivery"], [el("p", { class: "summary problem" }, visible(problem.message))]);
      shown = "failed";
    }
  }
}

dialog.addEventListener("close", () => {
  if (param("open") || param("dead")) {
    go({ open: "", dead: "" });
  }
});
byId("close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => {
  if (event.target === dialog && event.clientX < dialog.getBoundingClientRect().left) {
    dialog.close(); // beside it
  }
});
setText(byId("opened-title"), "Delivery");
