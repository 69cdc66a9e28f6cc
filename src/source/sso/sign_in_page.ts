/**
 * The page that a person sees when the browser comes back from a sign-in.
 *
 * @module
 */

const headers = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  // The server ends with the sign-in: a connection that is kept open would hold it.
  "connection": "close",
};

/** A page with one sentence; nothing of the request is in it. */
export function signInPage(status: number, sentence: string): Response {
  const advice = status === 200
    ? "You can close this window and go back to the terminal."
    : "Go back to the terminal and begin again.";
  return new Response(page(sentence, advice), { status, headers });
}

function page(sentence: string, advice: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${sentence} – stsaval</title>
<style>
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
body { display: grid; min-height: 90vh; place-content: center; text-align: center; margin: 1rem; }
h1 { font-size: 1.5rem; font-weight: 600; margin: 0; }
p { margin: 0.5rem 0 0; opacity: 0.75; }
</style>
</head>
<body>
<main>
<h1>${sentence}</h1>
<p>${advice}</p>
</main>
</body>
</html>
`;
}
