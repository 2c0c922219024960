import { call, hasToken, setToken, takeTokenFromAddress } from "./api.js";
import { showChart } from "./chart.js";
import { showDead } from "./dead.js";
import { showDeliveries, take } from "./deliveries.js";
import { showOpened } from "./detail.js";
import { byId, clock, number, plural, setText, time } from "./dom.js";
import { showQueues } from "./queues.js";
import { go, onChange, param } from "./url.js";

const POLL_MILLIS = 1000;
const AWAY_POLL_MILLIS = 3000;
const VIEWS = ["deliveries", "dead", "overview"];
let state = null;
let awaySince = null;

function banner(id, text) {
  byId(id).hidden = !text;
  setText(id === "forgotten" ? byId(id).firstElementChild : byId(id), text);
}

function health(text, name) {
  setText(byId("health"), text);
  byId("health").className = `pill ${name}`;
}

function sum(series) {
  return number(state.minutes.reduce((total, minute) => total + minute[series], 0));
}

/** Whether the dead ones are shown. Chart and queues have a view of their own where they do not fit beside the list. */
function showView() {
  const view = VIEWS.includes(param("view")) ? param("view") : VIEWS[0];
  byId("deliveries-view").hidden = view === "dead";
  byId("dead-view").hidden = view !== "dead";
  byId("overview").classList.toggle("chosen", view === "overview");
  for (const name of VIEWS) {
    if (name === view) {
      byId(`to-${name}`).setAttribute("aria-current", "page");
    } else {
      byId(`to-${name}`).removeAttribute("aria-current");
    }
  }
  return view === "dead";
}

async function showLists() {
  if (state) {
    const isDead = showView();
    showDeliveries();
    await showDead(state.dead, isDead);
    if (!isDead) {
      await showOpened();
    }
  }
}

async function showState() {
  const forgotten = take(state);
  if (forgotten) {
    banner("forgotten", `This app was restarted at ${clock(state.startedAt)} and has forgotten ${plural(forgotten, "delivery", "deliveries")} from before. `
      + "Nothing is lost: those that were queued are handled, and dead ones are kept by the broker.");
  }
  byId("token-form").hidden = true;
  byId("main").hidden = false;
  byId("as-of").replaceChildren("as of ", time(state.now));
  health(state.trouble ? "trouble" : "ready", state.trouble ? "down" : "up");
  banner("trouble", state.trouble ? `Deliveries cannot be ${state.trouble.startsWith("publishing") ? "queued" : "handled"} at the moment. ${state.trouble}` : "");
  setText(byId("received"), sum("received"));
  setText(byId("processed"), sum("processed"));
  setText(byId("owed"), number(state.owed));
  setText(byId("dead-count"), state.dead === null ? "–" : number(state.dead));
  byId("dead-tile").classList.toggle("some", state.dead > 0);
  showQueues(state);
  showChart(state.minutes);
  await showLists();
}

function askForToken(problem) {
  byId("main").hidden = true;
  byId("token-form").hidden = false;
  health(problem.status === 401 ? "locked" : "off", "");
  setText(byId("token-problem"), problem.status === 403 || hasToken() ? problem.message : "");
}

async function look() {
  try {
    const seen = state ? `?started=${state.startedAt}&seen=${state.version}` : "";
    state = await call(`/page/state${seen}`);
    awaySince = null;
    banner("away", "");
    await showState();
  } catch (problem) {
    if (problem.status === 401 || problem.status === 403) {
      askForToken(problem);
      return;
    }
    awaySince = awaySince || Date.now();
    health("no answer", "down");
    const asOf = state ? ` What you see is as of ${clock(state.now)}.` : "";
    banner("away", `This app has not answered since ${clock(awaySince)} (${problem.message}).${asOf} It is asked again every ${AWAY_POLL_MILLIS / 1000} seconds.`);
  }
}

async function poll() {
  if (!document.hidden) {
    await look();
  }
  setTimeout(poll, awaySince ? AWAY_POLL_MILLIS : POLL_MILLIS);
}

onChange(showLists);
addEventListener("hashchange", takeTokenFromAddress);
takeTokenFromAddress();
byId("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  setToken(byId("token").value);
  byId("token").value = "";
  look();
});
byId("forgotten").lastElementChild.addEventListener("click", () => banner("forgotten", ""));
for (const view of VIEWS) {
  byId(`to-${view}`).addEventListener("click", (event) => {
    event.preventDefault();
    go({ view: view === VIEWS[0] ? "" : view, offset: "", open: "", dead: "" });
  });
}
poll();
