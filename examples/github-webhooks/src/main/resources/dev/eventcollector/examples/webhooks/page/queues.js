import { byId, duration, el, number, setText, time } from "./dom.js";

function change(perMinute) {
  if (perMinute === null) {
    return "…";
  }
  const rounded = Math.abs(perMinute) < 10 ? Math.round(perMinute * 10) / 10 : Math.round(perMinute);
  return rounded === 0 ? "0" : `${rounded > 0 ? "+" : "−"}${number(Math.abs(rounded))}`;
}

function row(one, now) {
  const waiting = one.messages === null ? "not there" : number(one.messages);
  const consumers = one.consumers === null ? null : `${number(one.consumers)} consumer(s)`;
  return el(
    "tr",
    null,
    el("td", { title: consumers }, el("bdi", null, ...one.queue.split(/(?<=\.)/).flatMap((part) => [part, el("wbr")]))),
    el("td", { class: "number" }, waiting),
    el("td", { class: "number" }, one.messages === null ? "" : change(one.perMinute)),
    el("td", { class: "number", title: one.waitingSince && new Date(one.waitingSince).toISOString() },
      one.waitingSince ? duration(Math.max(1000, now - one.waitingSince)) : "–"),
  );
}

/** How many messages wait where. */
export function showQueues({ now, queues }) {
  byId("queues").tBodies[0].replaceChildren(...queues.queues.map((one) => row(one, now)));
  byId("queues-as-of").replaceChildren(...(queues.at ? ["as of ", time(queues.at)] : ["not read yet"]));
  byId("queues-problem").hidden = !queues.trouble;
  setText(byId("queues-problem"), queues.trouble ? `They cannot be read now: ${queues.trouble}` : "");
}
