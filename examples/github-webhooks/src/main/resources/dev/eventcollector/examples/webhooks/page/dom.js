// Everything that somebody else has written gets into the page as text, and in no other way.

export const byId = (id) => document.getElementById(id);

/** Characters that are not seen, or that turn the text around them: they are shown as what they are. */
const INVISIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]/g;

export function visible(text) {
  return String(text).replace(INVISIBLE, (c) => `[U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);
}

export function setText(node, text) {
  const value = text === null || text === undefined ? "" : visible(text);
  if (node.textContent !== value) {
    node.textContent = value;
  }
}

/** An element with properties (class, and attributes), and children: nodes, texts, or null for none. */
export function el(tag, properties, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? "" : value);
    }
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A text that comes from outside: in a direction of its own, which does not change that of its surroundings. */
export function foreign(text, properties) {
  return el("bdi", properties, visible(text));
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "short" });

/** 14:03:22, with the day before it unless that is today. */
export function clock(millis) {
  const date = new Date(millis);
  const time = CLOCK.format(date);
  return date.toDateString() === new Date().toDateString() ? time : `${DAY.format(date)} ${time}`;
}

/** The exact time is its title. */
export function time(millis) {
  const exact = new Date(millis).toISOString();
  return el("time", { datetime: exact, title: exact }, clock(millis));
}

export function duration(millis) {
  const seconds = millis / 1000;
  if (seconds < 1) {
    return `${Math.round(millis)} ms`;
  }
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  if (seconds < 120) {
    return `${Math.round(seconds)} s`;
  }
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

const NUMBER = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
export const number = (value) => NUMBER.format(value);
export const plural = (count, what, many) => `${number(count)} ${count === 1 ? what : many}`;

/** An event and its action, which may be broken between the two. */
export function eventNode(one) {
  return el("bdi", null, visible(one.event || "unknown event"), ...(one.action ? ["/", el("wbr"), visible(one.action)] : []));
}

export function eventName(one) {
  return one.action ? `${one.event}/${one.action}` : one.event || "unknown event";
}
