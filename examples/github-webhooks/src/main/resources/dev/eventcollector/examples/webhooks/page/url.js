// What is shown is in the address, so that it can be sent to somebody, and Back goes back.

const listeners = [];

/** The parameters of the address. */
export function params() {
  return new URLSearchParams(location.search);
}

export function param(name) {
  return params().get(name) || "";
}

/** Changes parameters; empty ones go. */
export function go(changes, replace = false) {
  const next = params();
  for (const [name, value] of Object.entries(changes)) {
    if (value) {
      next.set(name, value);
    } else {
      next.delete(name);
    }
  }
  const query = next.toString();
  if (query !== params().toString()) {
    history[replace ? "replaceState" : "pushState"](null, "", query ? `/?${query}` : "/");
  }
  listeners.forEach((listener) => listener());
}

export function onChange(listener) {
  listeners.push(listener);
}

addEventListener("popstate", () => listeners.forEach((listener) => listener()));
