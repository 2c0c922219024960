const TIMEOUT_MILLIS = 20000;

export async function call(path, method = "GET") {
  const token = sessionStorage.getItem("token");
  const response = await fetch(path, {
    method,
    headers: token ? { "X-Page-Token": token } : {},
    signal: AbortSignal.timeout(TIMEOUT_MILLIS),
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    const problem = new Error(body.message || `answered ${response.status}`);
    problem.status = response.status;
    throw problem;
  }
  return body;
}

export function setToken(token) {
  sessionStorage.setItem("token", token);
}

export function hasToken() {
  return sessionStorage.getItem("token") !== null;
}

/** The log names the page's address with a token behind the #, which browsers do not send anywhere. */
export function takeTokenFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    setToken(given);
    history.replaceState(null, "", location.pathname + location.search);
  }
}
