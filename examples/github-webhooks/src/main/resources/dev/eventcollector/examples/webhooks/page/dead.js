import { call } from "./api.js";
import { confirmed, say } from "./dialogs.js";
import { deliveryParts, payloadPart, show } from "./detail.js";
import { byId, el, eventName, eventNode, foreign, number, plural, setText, time, visible } from "./dom.js";
import { go, param } from "./url.js";

const selected = new Set();
let listed = null;
let seen = "";
let openedKey = "";
let busy = false;
let total = null;

const keysOf = (keys) => [...keys].map((key) => `key=${encodeURIComponent(key)}`).join("&");

function row(one) {
  const check = el("input", { type: "checkbox", "aria-label": `Select ${visible(eventName(one))} ${visible(one.delivery)}` });
  check.checked = selected.has(one.key);
  check.addEventListener("change", () => {
    selected[check.checked ? "add" : "delete"](one.key);
    showTools();
  });
  const retry = el("button", { type: "button" }, "Retry now");
  retry.addEventListener("click", () => change("requeue", [one.key]));
  const cells = [
    [check],
    [one.lastFailure === null ? "–" : time(one.lastFailure)],
    [el("button", { type: "button", class: "link clamp" }, eventNode(one)), foreign(one.delivery || "no id", { class: "id" })],
    [one.repository ? foreign(one.repository, { class: "clamp", title: visible(one.repository) }) : el("span", { class: "muted" }, "no repository")],
    [foreign(one.reason, { class: "clamp", title: visible(one.reason) })],
    [number(one.attempts), el("span", { class: "unit" }, one.attempts === 1 ? " attempt" : " attempts")],
    [retry],
  ];
  const made = el("tr", { role: "row" }, ...cells.map((content, i) => el("td", { role: "cell", class: i === 5 ? "number" : null }, ...content)));
  made.dataset.key = one.key;
  return made;
}

function showTools() {
  const some = selected.size > 0 && !busy;
  byId("requeue").disabled = !some;
  byId("drop").disabled = !some;
  setText(byId("requeue"), selected.size ? `Requeue ${selected.size}` : "Requeue");
  setText(byId("drop"), selected.size ? `Drop ${selected.size}…` : "Drop…");
  byId("requeue-all").disabled = busy || !total || !listed;
  const keys = listed ? listed.dead.map((one) => one.key) : [];
  byId("select-all").checked = keys.length > 0 && keys.every((key) => selected.has(key));
  byId("select-all").disabled = !keys.length;
}

function showList() {
  const { dead, offset, limit } = listed;
  [...selected].filter((key) => !dead.some((one) => one.key === key)).forEach((key) => selected.delete(key));
  byId("dead").tBodies[0].replaceChildren(...dead.map(row));
  byId("dead").hidden = !dead.length;
  byId("no-dead").hidden = dead.length > 0;
  byId("no-dead").replaceChildren(el("p", null, listed.total
    ? "None of them is listed on this page." : "No dead deliveries: everything was handled, or will be tried again."));
  byId("dead-note").hidden = !listed.note;
  setText(byId("dead-note"), listed.note);
  setText(byId("dead-range"), dead.length ? `${number(offset + 1)} to ${number(offset + dead.length)} of ${number(listed.total)}` : "");
  byId("previous").disabled = offset === 0;
  byId("next").disabled = dead.length < limit || offset + dead.length >= listed.total;
  byId("previous").parentElement.hidden = offset === 0 && byId("next").disabled && !dead.length;
  showTools();
}

/** The list, asked for when its number or its page has changed: looking into a queue costs the broker something. */
export async function showDead(count, isShown) {
  total = count;
  setText(byId("dead-total"), count ? number(count) : "");
  const wanted = `${param("offset")} ${count}`;
  if (!isShown) {
    seen = "";
    return;
  }
  if (wanted !== seen && !busy) {
    seen = wanted;
    try {
      listed = await call(`/page/dead?offset=${encodeURIComponent(param("offset") || "0")}`);
      byId("dead-problem").hidden = true;
      showList();
    } catch (problem) {
      seen = "";
      byId("dead-problem").hidden = false;
      setText(byId("dead-problem"), `They cannot be listed now: ${problem.message}`);
    }
  }
  await showOpenedDead();
}

/** Says how far it has come: it may have ended half-way. */
function sayChanged({ done, failed, left, problem }, what) {
  const said = [`${plural(done, "delivery", "deliveries")} ${what}.`];
  if (failed) {
    said.push(`${number(failed)} failed.`);
  }
  if (left) {
    said.push(`${number(left)} ${left === 1 ? "is" : "are"} left and still dead: press again.`);
  }
  if (problem) {
    said.push(`The reason: ${problem}`);
  }
  say(said.join(" "), said.length > 1);
}

async function change(action, keys) {
  busy = true; // until it is answered, so that a second click does nothing
  showTools();
  try {
    const changed = await call(`/page/dead/${action}?${keysOf(keys)}`, "POST");
    if (!changed.failed && !changed.left) { // or else those that are still listed stay selected
      keys.forEach((key) => selected.delete(key));
    }
    sayChanged(changed, action === "drop" ? "dropped" : "requeued");
    go({ dead: "" });
  } catch (problem) {
    say(problem.message);
  }
  busy = false;
  seen = "";
  showTools();
}

async function drop(keys) {
  const what = keys.length === 1 ? "Drop this delivery?" : `Drop ${keys.length} deliveries?`;
  if (await confirmed(what, "It is gone for good here. GitHub can send it again for three days.", "Drop", true)) {
    await change("drop", keys);
  }
}

async function requeueAll() {
  const what = `Requeue ${plural(total, "dead delivery", "dead deliveries")}?`;
  if (await confirmed(what, listed.requeueAll, "Requeue all", false)) {
    busy = true;
    showTools();
    try {
      sayChanged(await call("/page/dead/requeue-all", "POST"), "requeued");
    } catch (problem) {
      say(problem.message);
    }
    busy = false;
    seen = "";
    showTools();
  }
}

async function remembered(delivery) {
  try {
    return delivery ? await call(`/page/delivery?id=${encodeURIComponent(delivery)}`) : null;
  } catch (problem) {
    return null; // from before this process, say
  }
}

async function showOpenedDead() {
  const key = param("dead");
  if (key === openedKey) {
    return;
  }
  openedKey = key;
  if (!key) {
    byId("opened").close();
    return;
  }
  try {
    const { about, stack, payload } = await call(`/page/dead/one?key=${encodeURIComponent(key)}`);
    const detail = await remembered(about.delivery);
    const retry = el("button", { type: "button", id: "opened-requeue", class: "primary" }, "Retry now");
    const away = el("button", { type: "button", id: "opened-drop", class: "danger" }, "Drop…");
    retry.addEventListener("click", () => change("requeue", [key]));
    away.addEventListener("click", () => drop([key]));
    const failures = [["First failure", about.firstFailure], ["Last failure", about.lastFailure]].filter(([, at]) => at !== null);
    show([foreign(eventName(about)), " ", el("span", { class: "badge dead" }, "dead")], [
      el("p", { class: "summary problem", id: "opened-reason" }, foreign(about.reason || "It does not say why.")),
      el("p", { class: "muted" }, `after ${plural(about.attempts, "attempt", "attempts")}`, ...failures.flatMap(([name, at]) => [` · ${name.toLowerCase()} `, time(at)])),
      el("p", { class: "buttons" }, retry, away),
      stack ? el("details", null, el("summary", null, "Stack"), el("pre", { tabindex: "0", "aria-label": "Stack" }, visible(stack))) : null,
      ...(detail ? deliveryParts(detail) : []),
      el("h3", null, "Payload"),
      ...payloadPart(payload),
    ]);
  } catch (problem) {
    say(problem.message);
    go({ dead: "" });
  }
}

byId("select-all").addEventListener("change", (event) => {
  listed.dead.forEach((one) => selected[event.target.checked ? "add" : "delete"](one.key));
  showList();
});
byId("requeue").addEventListener("click", () => change("requeue", [...selected]));
byId("drop").addEventListener("click", () => drop([...selected]));
byId("requeue-all").addEventListener("click", requeueAll);
byId("previous").addEventListener("click", () => go({ offset: String(Math.max(0, listed.offset - listed.limit) || "") }));
byId("next").addEventListener("click", () => go({ offset: String(listed.offset + listed.limit) }));
byId("dead").addEventListener("click", (event) => {
  const chosen = event.target.closest("tbody tr");
  const isControl = event.target.closest("input, button:not(.link)");
  if (chosen && !isControl && !String(getSelection())) {
    go({ dead: chosen.dataset.key });
  }
});
