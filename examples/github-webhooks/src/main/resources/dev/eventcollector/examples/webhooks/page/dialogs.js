import { byId, setText } from "./dom.js";

const SAID_MILLIS = 6000;
const SAID_LONG_MILLIS = 60000;
let quiet = 0;

/** Says what came of a button, to eyes and to screen readers. */
export function say(text, isLong = false) {
  setText(byId("said"), text);
  clearTimeout(quiet);
  quiet = setTimeout(() => setText(byId("said"), ""), isLong ? SAID_LONG_MILLIS : SAID_MILLIS);
}

/** Whether somebody agrees. */
export function confirmed(title, text, yes, isDangerous) {
  const dialog = byId("confirm");
  setText(byId("confirm-title"), title);
  setText(byId("confirm-text"), text);
  setText(byId("confirm-yes"), yes);
  byId("confirm-yes").className = isDangerous ? "danger" : "primary";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

byId("confirm-no").addEventListener("click", () => byId("confirm").close("no"));
byId("confirm-yes").addEventListener("click", () => byId("confirm").close("yes"));
