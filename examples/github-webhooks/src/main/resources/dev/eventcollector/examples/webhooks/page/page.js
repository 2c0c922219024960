"use strict";

// Everything that somebody else has written gets into the page as textContent, and in no other way.

const POLL_MILLIS = 1000;
const HOUR_MILLIS = 60 * 60 * 1000;
const MAX_ROWS = 200;
const SERIES = ["received", "confirmed", "processed"];

const byId = (id) => document.getElementById(id);
const rows = new Map(); // one per delivery, kept so that a click never hits a row that was just made anew
let deliveries = [];
let seen = "";
let deadSeen = null;
let openedKey = null;

function setText(node, text) {
  const value = text === null || text === undefined ? "" : String(text);
  if (node.textContent !== value) {
    node.textContent = value;
  }
}

async function call(path, method = "GET") {
  const token = sessionStorage.getItem("token");
  const response = await fetch(path, {
    method,
    headers: token ? { "X-Page-Token": token } : {},
    signal: AbortSignal.timeout(20000),
  });
  const body = await response.json();
  if (!response.ok) {
    const problem = new Error(body.message || `answered ${response.status}`);
    problem.status = response.status;
    throw problem;
  }
  return body;
}

function time(millis) {
  return new Date(millis).toLocaleTimeString();
}

function duration(millis) {
  if (millis === null) {
    return "";
  }
  return millis < 10000 ? `${millis} ms` : `${Math.round(millis / 1000)} s`;
}

function cells(row, texts) {
  while (row.cells.length < texts.length) {
    row.insertCell();
  }
  texts.forEach((text, i) => setText(row.cells[i], text));
}

function showHealth(text, up) {
  setText(byId("health"), text);
  byId("health").className = up ? "up" : "down";
}

function showQueues(state) {
  const body = byId("queues").tBodies[0];
  const lines = state.queuesTrouble
    ? [[state.queuesTrouble, ""]]
    : state.queues.map((one) => [one.queue, one.messages === null ? "not there" : one.messages]);
  while (body.rows.length > lines.length) {
    body.deleteRow(-1);
  }
  lines.forEach((line, i) => cells(body.rows[i] || body.insertRow(), line));
}

function showChart(minutes) {
  const chart = byId("chart");
  const max = Math.max(1, ...minutes.flatMap((minute) => SERIES.map((name) => minute[name])));
  const step = 600 / minutes.length;
  const width = (step - 1) / SERIES.length;
  minutes.forEach((minute, i) => SERIES.forEach((name, j) => {
    const at = i * SERIES.length + j;
    let bar = chart.children[at];
    if (!bar) {
      bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      bar.setAttribute("class", name);
      chart.append(bar);
    }
    const height = (minute[name] / max) * 118;
    bar.setAttribute("x", (i * step + j * width).toFixed(2));
    bar.setAttribute("width", width.toFixed(2));
    bar.setAttribute("y", (120 - height).toFixed(2));
    bar.setAttribute("height", height.toFixed(2));
  }));
  setText(byId("chart-max"), `highest: ${max}`);
}

function showDeliveries(now) {
  const recent = deliveries.filter((one) => one.changedAt > now - HOUR_MILLIS);
  const shown = recent.slice(0, MAX_ROWS);
  const body = byId("deliveries").tBodies[0];
  const kept = new Set();
  shown.forEach((one, i) => {
    let row = rows.get(one.delivery);
    if (!row) {
      row = document.createElement("tr");
      row.dataset.delivery = one.delivery;
      rows.set(one.delivery, row);
    }
    kept.add(one.delivery);
    cells(row, [time(one.receivedAt), one.event, one.action, one.repository, one.status.toLowerCase(),
      one.attempts || "", duration(one.durationMillis), one.delivery]);
    row.cells[4].className = one.status.toLowerCase();
    row.cells[4].title = one.reason || "";
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
  setText(byId("shown"), recent.length > MAX_ROWS ? `the newest ${MAX_ROWS} of ${recent.length}` : "");
}

async function showDead(count) {
  if (count === deadSeen) {
    return;
  }
  byId("dead-section").hidden = !count;
  try {
    const list = count ? await call("/page/dead") : [];
    deadSeen = count;
    const body = byId("dead").tBodies[0];
    body.replaceChildren(...list.map((one) => {
      const row = document.createElement("tr");
      const event = one.action ? `${one.event}/${one.action}` : one.event;
      cells(row, [one.delivery, event, one.repository, one.attempts, one.reason, ""]);
      const button = document.createElement("button");
      button.type = "button";
      setText(button, "Open");
      button.addEventListener("click", () => open(one.key));
      row.cells[5].append(button);
      return row;
    }));
    setText(byId("dead-problem"), "");
  } catch (problem) {
    setText(byId("dead-problem"), problem.message);
  }
}

async function open(key) {
  try {
    const { about, payload } = await call(`/page/dead/${key}`);
    openedKey = key;
    setText(byId("opened-delivery"), about.delivery);
    setText(byId("opened-event"), about.action ? `${about.event}/${about.action}` : about.event);
    setText(byId("opened-repository"), about.repository);
    setText(byId("opened-reason"), about.reason);
    setText(byId("opened-attempts"), about.attempts);
    setText(byId("opened-first"), about.firstFailure);
    setText(byId("opened-last"), about.lastFailure);
    setText(byId("opened-stack"), about.stack);
    setText(byId("opened-payload"), payload.text);
    byId("opened-shortened").hidden = !payload.shortened;
    setText(byId("opened-problem"), "");
    setButtons(false);
    byId("opened").showModal();
  } catch (problem) {
    deadSeen = null;
    setText(byId("dead-problem"), problem.message);
  }
}

function setButtons(disabled) {
  byId("requeue").disabled = disabled;
  byId("drop").disabled = disabled;
}

async function change(action) {
  setButtons(true); // until it is answered, so that a second click does nothing
  try {
    await call(`/page/dead/${openedKey}/${action}`, "POST");
    byId("opened").close();
  } catch (problem) {
    setText(byId("opened-problem"), problem.message);
    setButtons(false);
  }
  deadSeen = null;
}

async function poll() {
  if (!document.hidden) {
    try {
      const state = await call(`/page/state?seen=${encodeURIComponent(seen)}`);
      byId("token-form").hidden = true;
      byId("main").hidden = false;
      showHealth(state.trouble || "ready", !state.trouble);
      setText(byId("owed"), state.owed);
      setText(byId("dead-count"), state.dead === null ? "–" : state.dead);
      showQueues(state);
      showChart(state.minutes);
      deliveries = state.deliveries || deliveries;
      showDeliveries(state.now);
      seen = String(state.version);
      if (state.dead !== null) {
        await showDead(state.dead);
      }
    } catch (problem) {
      showHealth(problem.message, false);
      if (problem.status === 401) {
        byId("main").hidden = true;
        byId("token-form").hidden = false;
        setText(byId("token-problem"), sessionStorage.getItem("token") ? problem.message : "");
      }
    }
  }
  setTimeout(poll, POLL_MILLIS);
}

// The log names the page's address with a token behind the #, which browsers do not send anywhere.
function takeTokenFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.setItem("token", given);
    history.replaceState(null, "", location.pathname);
  }
}

addEventListener("hashchange", takeTokenFromAddress);
takeTokenFromAddress();
byId("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", byId("token").value);
  byId("token").value = "";
});
byId("requeue").addEventListener("click", () => change("requeue"));
byId("drop").addEventListener("click", () => change("drop"));
byId("close").addEventListener("click", () => byId("opened").close());
poll();
