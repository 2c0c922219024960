const TIMEOUT_MILLIS = 20000;

function failure(status, message) {
  const problem = new Error(message);
  problem.status = status;
  return problem;
}

export async function call(path, method = "GET") {
  const token = sessionStorage.getItem("token");
  if (token && !/^[!-~]+$/.test(token)) {
    throw failure(401, "the page's token is wrong: it has no blanks, and nothing but ASCII"); // no header could carry it
  }
  const response = await fetch(path, {
    method,
    headers: token ? { "X-Page-Token": token } : {},
    signal: AbortSignal.timeout(TIMEOUT_MILLIS),
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw failure(response.status, body.message || `answered ${response.status}`);
  }
  return body;
}

export function setToken(token) {
  sessionStorage.setItem("token", token.trim());
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
