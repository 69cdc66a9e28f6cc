/**
 * Sign-ins that an attacker has tampered with: their settings, their files and their folders.
 *
 * @module
 */

import { dpopKey } from "../source/login/fixtures.ts";
import type { HostileSetting } from "./hostile_settings.ts";

const creds = ["creds", "--profiles", "dev"];

/** The names are digests of the section's name and of the session. */
const tokenPath = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
const loginPath =
  ".aws/login/cache/5eac23c3ea68e3e98073a267164421d21c59b8690ad6ed6f2e6bb534b6c11dcb.json";
const cliPath = ".aws/cli/cache/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json";

const token = JSON.stringify({
  accessToken: "AccessTokenOfKim",
  expiresAt: "2099-01-01T00:00:00Z",
});

/** Its credentials have ended. */
function login(more: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({
    accessToken: {
      ...{ accessKeyId: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: "s", sessionToken: "t" },
      expiresAt: "2020-01-01T00:00:00Z",
    },
    ...{ refreshToken: "RefreshTokenOfKim", clientId: "arn:aws:signin:::devtools/same-device" },
    ...{ dpopKey, ...more },
  });
}

function sso(
  { region = "eu-west-1", startUrl = "https://corp.awsapps.com/start", more = "" },
): string {
  return `[sso-session corp]\nsso_start_url = ${startUrl}\nsso_region = ${region}\n` +
    `[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Dev\n` +
    `region = eu-west-1\n${more}`;
}

const loginConfig =
  "[profile dev]\nlogin_session = arn:aws:iam::123456789012:user/kim\nregion = eu-west-1\n";

/** All that are tried. */
export const hostileSignIns: readonly HostileSetting[] = [
  ...["example.com/#", "eu-west-1.example.com", "a@example.com", "../.."].map((region) => ({
    what: `\`sso_region = ${region}\``,
    words: creds,
    config: sso({ region }),
    files: { [tokenPath]: token },
  })),
  {
    what: "`sso_region` that is no region of AWS's, and could be a name that somebody rents",
    words: creds,
    config: sso({ region: "example" }),
    files: { [tokenPath]: token },
  },
  {
    what: "`sso_start_url` on another host, which is shown and never called",
    words: creds,
    config: sso({ startUrl: "https://corp.example.com/start" }),
  },
  {
    what: "`services` with an `endpoint_url` of the sign-in's portal on another host",
    words: creds,
    config: sso({
      more:
        "services = other\n[services other]\nsso =\n  endpoint_url = https://portal.example.com\n",
    }),
    files: { [tokenPath]: token },
  },
  {
    what: "`AWS_ENDPOINT_URL_SSO_OIDC` on another host",
    words: ["login", "dev", "--device"],
    config: sso({}),
    env: { AWS_ENDPOINT_URL_SSO_OIDC: "https://oidc.example.com" },
  },
  {
    what: "`endpoint_url` of a sign-in on the instance metadata",
    words: creds,
    config: sso({ more: "endpoint_url = http://169.254.169.254\n" }),
    files: { [tokenPath]: token },
  },
  {
    what: "a sign-in's token with a line break, to add a header",
    words: creds,
    config: sso({}),
    files: { [tokenPath]: token.replace("OfKim", "OfKim\\r\\nX-Other: 1") },
  },
  {
    what: "a sign-in's token that is a link to a private key",
    words: creds,
    config: sso({}),
    links: { [tokenPath]: ".ssh/id_rsa" },
  },
  {
    what: "a sign-in's token that never ends",
    words: creds,
    config: sso({}),
    links: { [tokenPath]: "/dev/zero" },
  },
  ...["example.com/#", "../.."].map((region) => ({
    what: `\`signInRegion\` of an aws login that is "${region}"`,
    words: creds,
    config: loginConfig,
    files: { [loginPath]: login({ signInRegion: region }) },
  })),
  {
    what: "`signInRegion` of an aws login in another partition",
    words: creds,
    config: loginConfig,
    files: { [loginPath]: login({ signInRegion: "cn-north-1" }) },
  },
  {
    what: "the lock of an aws login that is a link out of its folder",
    words: creds,
    config: loginConfig,
    files: { [loginPath]: login({ signInRegion: "cn-north-1" }) },
    links: { [`${loginPath}.lock`]: ".bashrc" },
    kept: [".bashrc"],
  },
  {
    what: "`AWS_LOGIN_CACHE_DIRECTORY` that is a folder of other files",
    words: creds,
    config: loginConfig,
    env: { AWS_LOGIN_CACHE_DIRECTORY: "~/.ssh" },
  },
  {
    what: "`login_session` that is a path",
    words: creds,
    config: loginConfig.replace(/arn\S+/, "../../.ssh/id_rsa"),
  },
  {
    what: "an entry of the AWS CLI's cache, with stsaval's mark, that is a link to another file",
    words: ["logout"],
    config: "[default]\n",
    files: {
      "elsewhere.json": JSON.stringify({
        stsaval: { profile: "dev", roleArn: "arn:aws:iam::123456789012:role/Dev" },
      }),
    },
    links: { [cliPath]: "elsewhere.json" },
    kept: ["elsewhere.json"],
  },
  {
    what: "an AWS CLI's cache, at a logout, that leads to another folder",
    words: ["logout"],
    config: "[default]\n",
    files: {
      [cliPath.replace(".aws/cli/cache", "elsewhere")]: JSON.stringify({
        stsaval: { profile: "dev", roleArn: "arn:aws:iam::123456789012:role/Dev" },
      }),
    },
    links: { ".aws/cli/cache": "shared" },
    kept: ["shared/x"],
  },
];
