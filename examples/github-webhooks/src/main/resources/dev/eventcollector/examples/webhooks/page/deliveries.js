import { byId, clock, duration, el, eventName, eventNode, foreign, plural, setText, time, visible } from "./dom.js";
import { go, param } from "./url.js";

const HOUR_MILLIS = 60 * 60 * 1000;
const MOST = 1000; // as the server remembers
const PAGE = 100;
const FILTERS = ["q", "event", "repository", "status", "started"];

const known = new Map(); // what the server has told, by delivery
const rows = new Map(); // kept, so that a click never hits a row that was just made anew
let limit = PAGE;
let startedAt = null;

/** Takes in what has changed; what has not changed for an hour goes. Returns how many a restart has forgotten. */
export function take(state) {
  let forgotten = 0;
  if (startedAt !== null && startedAt !== state.startedAt) {
    forgotten = known.size;
    known.clear();
  }
  startedAt = state.startedAt;
  state.deliveries.forEach((one) => known.set(one.delivery, one));
  const kept = newestFirst().filter((one) => one.changedAt > state.now - HOUR_MILLIS).slice(0, MOST);
  if (kept.length < known.size) {
    known.clear();
    kept.reverse().forEach((one) => known.set(one.delivery, one));
  }
  return forgotten;
}

export const find = (delivery) => known.get(delivery);

function newestFirst() {
  return [...known.values()].sort((a, b) => b.receivedAt - a.receivedAt || b.version - a.version);
}

function matches(one, wanted) {
  const has = (text, part) => String(text || "").toLowerCase().includes(part.toLowerCase());
  const texts = [one.delivery, eventName(one), one.repository, one.branch, one.reason, ...(one.started || [])];
  return (!wanted.q || texts.some((text) => has(text, wanted.q)))
    && (!wanted.event || one.event === wanted.event)
    && (!wanted.repository || has(one.repository, wanted.repository))
    && (!wanted.status || one.status.toLowerCase() === wanted.status)
    && (!wanted.started || (one.started !== null && (one.started.length > 0) === (wanted.started === "some")));
}

/** The workflows that a delivery starts, in few words. */
function workflows(one) {
  if (one.started === null) {
    return el("span", { class: "muted" }, one.durationMillis === null ? "not chosen yet" : "not chosen");
  }
  if (!one.started.length) {
    return el("span", { class: "muted" }, "no workflow");
  }
  const shown = one.started.slice(0, 4).map((name) => foreign(name, { class: "chip", title: visible(name) }));
  const more = one.started.length - shown.length;
  return el("span", { class: "chips" }, ...shown, more > 0 ? el("span", { class: "muted" }, `and ${more} more`) : null);
}

export function badge(status, attempts) {
  const name = status.toLowerCase();
  return el("span", { class: `badge ${name}` }, attempts > 1 ? `${name} · ${attempts}×` : name);
}

function fill(row, one) {
  const took = one.durationMillis === null ? "" : duration(one.durationMillis);
  const open = el("button", { type: "button", class: "link clamp" }, eventNode(one));
  const where = one.repository
    ? foreign(one.repository, { class: "clamp", title: visible(one.repository) })
    : el("span", { class: "muted" }, "no repository");
  const cells = [
    [time(one.receivedAt)],
    [open, foreign(one.delivery, { class: "id", title: visible(one.delivery) })],
    [where, one.branch ? foreign(one.branch, { class: "id", title: visible(one.branch) }) : null],
    [badge(one.status, one.attempts)],
    [workflows(one)],
    [took],
  ];
  const hadFocus = row.contains(document.activeElement);
  row.replaceChildren(...cells.map((content, i) => el("td", { role: "cell", class: i === 5 ? "number" : null }, ...content)));
  if (hadFocus) {
    open.focus();
  }
}

function rowOf(one) {
  let row = rows.get(one.delivery);
  if (!row) {
    row = el("tr", { role: "row" });
    row.dataset.delivery = one.delivery;
    rows.set(one.delivery, row);
  }
  if (row.dataset.version !== String(one.version)) {
    fill(row, one);
    row.dataset.version = String(one.version);
  }
  return row;
}

function showEvents(all, chosen) {
  const names = [...new Set(all.map((one) => one.event).filter(Boolean).concat(chosen || []))].sort();
  const select = byId("event");
  if ([...select.options].slice(1).map((option) => option.value).join("\n") !== names.join("\n")) {
    select.replaceChildren(select.options[0], ...names.map((name) => el("option", { value: name }, visible(name))));
  }
}

function showNothing(all, isFiltered) {
  const box = byId("nothing");
  box.replaceChildren();
  if (all.length) {
    box.append(el("p", null, isFiltered ? "No delivery matches these filters." : ""));
  } else {
    box.append(
      el("p", null, "No deliveries yet."),
      el("p", { class: "muted" }, "In GitHub's settings, point a webhook at ",
        el("code", null, `${location.protocol}//your.host/webhooks/github`), "; GitHub then sends a ping."));
  }
}

/** The list, as the address wants it filtered. */
export function showDeliveries() {
  const wanted = Object.fromEntries(FILTERS.map((name) => [name, param(name)]));
  const isFiltered = FILTERS.some((name) => wanted[name]);
  const all = newestFirst();
  const found = all.filter((one) => matches(one, wanted));
  const shown = found.slice(0, limit);
  showEvents(all, wanted.event);
  FILTERS.filter((name) => document.activeElement !== byId(name) || name === "event").forEach((name) => {
    byId(name).value = wanted[name];
  });
  byId("clear").disabled = !isFiltered;
  const body = byId("deliveries").tBodies[0];
  const kept = new Set(shown.map((one) => one.delivery));
  shown.forEach((one, i) => {
    const row = rowOf(one);
    if (body.rows[i] !== row) {
      body.insertBefore(row, body.rows[i] || null);
    }
  });
  for (const [delivery, row] of rows) {
    if (!kept.has(delivery)) {
      row.remove();
      rows.delete(delivery);
    }
  }
  const deliveries = plural(found.length, "delivery", "deliveries");
  setText(byId("shown"), isFiltered ? `${deliveries} of ${all.length} match` : `${deliveries}, the newest first`);
  setText(byId("deliveries-total"), all.length || "");
  byId("more").hidden = found.length <= limit;
  byId("deliveries").hidden = !found.length;
  byId("nothing").hidden = found.length > 0;
  if (!found.length) {
    showNothing(all, isFiltered);
  }
  setText(byId("memory"), `Remembered are the latest ${MOST} deliveries of the last hour, since ${clock(startedAt)}, when this`
    + " process started. Earlier ones are forgotten here; dead ones are kept by the broker, and GitHub lists what it has sent"
    + " among the webhook's recent deliveries.");
}

byId("filters").addEventListener("input", (event) => {
  limit = PAGE;
  go({ [event.target.name]: event.target.value.trim() }, true);
});
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("clear").addEventListener("click", () => {
  FILTERS.forEach((name) => { byId(name).value = ""; });
  go(Object.fromEntries(FILTERS.map((name) => [name, ""])));
});
byId("more").addEventListener("click", () => {
  limit += PAGE;
  showDeliveries();
});
byId("deliveries").addEventListener("click", (event) => {
  const row = event.target.closest("tbody tr");
  if (row && !String(getSelection())) {
    go({ open: row.dataset.delivery });
  }
});
