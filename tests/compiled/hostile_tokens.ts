/**
 * Tokens of machines that an attacker has tampered with, and the addresses where they are sent.
 *
 * @module
 */

import type { HostileSetting } from "./hostile_settings.ts";

const creds = ["creds", "--profiles", "dev"];
const job = [...creds, "--github-oidc"];
const role = "role_arn = arn:aws:iam::123456789012:role/Dev\nregion = eu-west-1\n";
const web = `[profile dev]\n${role}web_identity_token_file = ~/web.jwt\n`;
const container = `[profile dev]\n${role}credential_source = EcsContainer\n`;

/** What is a token but for its end. */
const token = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.c2ln";

function inJob(url: string, requestToken = "RequestTokenOfTheJob") {
  return {
    config: `[profile dev]\n${role}`,
    words: job,
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken },
  };
}

/** All that are tried. */
export const hostileTokens: readonly HostileSetting[] = [
  {
    what: "a web identity token with a line break",
    words: creds,
    config: web,
    files: { "web.jwt": `${token}\r\nX-Other: 1` },
  },
  {
    what: "a web identity token that is a link to a private key",
    words: creds,
    config: web,
    links: { "web.jwt": ".ssh/id_rsa" },
  },
  {
    what: "a web identity token that never ends",
    words: creds,
    config: web,
    links: { "web.jwt": "/dev/zero" },
  },
  {
    what: "`endpoint_url` of a web identity on another host",
    words: creds,
    config: `${web}endpoint_url = https://sts.example.com\n`,
    files: { "web.jwt": token },
  },
  {
    what: "`AWS_WEB_IDENTITY_TOKEN_FILE` that is a private key, where no profile is named",
    words: ["creds"],
    config: "[profile other]\nregion = eu-west-1\n",
    env: {
      AWS_WEB_IDENTITY_TOKEN_FILE: ".ssh/id_rsa",
      AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/Dev",
      AWS_REGION: "eu-west-1",
    },
  },
  {
    what: "`ACTIONS_ID_TOKEN_REQUEST_URL` on another host",
    ...inJob("https://actions.example.com/token"),
  },
  {
    what: "`ACTIONS_ID_TOKEN_REQUEST_URL` with GitHub's name in a longer one",
    ...inJob("https://a.actions.githubusercontent.com.example.com/token"),
  },
  {
    what: "`ACTIONS_ID_TOKEN_REQUEST_URL` with GitHub's name before an @",
    ...inJob("https://a.actions.githubusercontent.com@example.com/token"),
  },
  {
    what: "`ACTIONS_ID_TOKEN_REQUEST_URL` of plain http",
    ...inJob("http://a.actions.githubusercontent.com/token"),
  },
  {
    what: "`ACTIONS_ID_TOKEN_REQUEST_TOKEN` with a line break, to add a header",
    ...inJob("http://127.0.0.1:9/token", "RequestToken\r\nX-Other: 1"),
  },
  {
    what: "`AWS_CONTAINER_AUTHORIZATION_TOKEN` with a line break, to add a header",
    words: creds,
    config: container,
    env: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:9/get",
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "Token\r\nX-Other: 1",
    },
  },
  {
    what: "`AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` that never ends",
    words: creds,
    config: container,
    env: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:9/get",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/dev/zero",
    },
  },
  ...["http://localhost.example.com/get", "http://0.0.0.0:9/get", "http://[::]:9/get"].map((
    url,
  ) => ({
    what: `\`AWS_CONTAINER_CREDENTIALS_FULL_URI = ${url}\``,
    words: creds,
    config: container,
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: url },
  })),
];
