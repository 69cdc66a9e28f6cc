/**
 * Settings that an attacker wrote, to make the program read, call or run what it should not.
 *
 * @module
 */

/** One of them: what a home holds beside the usual files, and the command line that meets it. */
export interface HostileSetting {
  readonly what: string;
  readonly words: readonly string[];
  /** Lines of the profile "dev" in `~/.aws/config`. */
  readonly dev?: string;
  /** The text of `~/.aws/config`, in place of one with the profile "dev" on top of long-term keys. */
  readonly config?: string;
  /** Files in the home. */
  readonly files?: Readonly<Record<string, string>>;
  /** Programs: the only ones that are found by name. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Files in the home that must stay as they are. */
  readonly kept?: readonly string[];
  /** Folders in the home. */
  readonly folders?: readonly string[];
  /** What in the home belongs to another user; only root can arrange that. */
  readonly foreign?: readonly string[];
  /** Links in the home, and where in it, or from the root on, they lead. */
  readonly links?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** False for a command that takes no MFA code. */
  readonly takesCode?: boolean;
}

const creds = ["creds", "--profiles", "dev"];

const ofUser = "source_profile = IAM_USER1\n" +
  "role_arn = arn:aws:iam::123456789012:role/DynamoDBRole-dev\n";

const role = "role_arn = arn:aws:iam::123456789012:role/Dev\n";
const container = `${role}credential_source = EcsContainer\n`;
const instance = `${role}credential_source = Ec2InstanceMetadata\n`;

/** The text of a cache's seal, of a key that such a keeper has. */
const sealOf = (keeper: string) =>
  JSON.stringify({ version: 1, keeper, keyId: "0123456789abcdef", note: "" });

/** The note of a kept seed that names such an opener. */
const noteOf = (opener: string) =>
  JSON.stringify({ version: 1, opener, added: "2026-01-01T00:00:00Z" });

/** A kept seed of the user, with a note that names such an opener. */
const seedOf = (opener: string) => ({
  ".aws/stsaval/sealed/IAM_USER1.mfa.age": "age-encryption.org/v1\n-> X25519 x\nx\n--- x\n",
  ".aws/stsaval/sealed/IAM_USER1.mfa.json": noteOf(opener),
});

/** A keyring of the home alone, in the place of the kernel's: what is kept there is the user's. */
const ownKeyring = `#!/bin/sh
case $1 in
  padd) /bin/cat >"\${0%/*}/key" && echo 1 ;;
  pipe) /bin/cat "\${0%/*}/key" ;;
esac
`;

/** All that are tried. */
export const hostileSettings: readonly HostileSetting[] = [
  {
    what: "`sealed_keys = sh -c true`",
    words: creds,
    config: "[profile dev]\nsealed_keys = sh -c true",
    takesCode: false,
  },
  {
    what: "the sealed file of `[profile ../../.ssh/id_rsa]`",
    words: ["creds", "--profiles", "../../.ssh/id_rsa"],
    config: "[profile ../../.ssh/id_rsa]\nsealed_keys = identity:~/.ssh/id_rsa",
    takesCode: false,
  },
  {
    what: "`web_identity_token_file = /etc/passwd`",
    words: creds,
    dev: "role_arn = arn:aws:iam::123456789012:role/Dev\nweb_identity_token_file = /etc/passwd",
  },
  {
    what: "`ACTIONS_ID_TOKEN_REQUEST_URL` on another host",
    words: [...creds, "--github-oidc"],
    dev: "role_arn = arn:aws:iam::123456789012:role/Dev",
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://tokens.example.com/idtoken?v=2",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "x",
    },
  },
  {
    what: "`ACTIONS_ID_TOKEN_REQUEST_URL` on a host where anybody at GitHub has files",
    words: [...creds, "--github-oidc"],
    dev: "role_arn = arn:aws:iam::123456789012:role/Dev",
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://raw.githubusercontent.com/idtoken?v=2",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "x",
    },
  },
  {
    what: "`policy = ~/.ssh/id_rsa`",
    words: creds,
    dev: `${ofUser}policy = ~/.ssh/id_rsa`,
  },
  {
    what: "`scope_policy` that is a link to `~/.ssh/id_rsa`",
    words: creds,
    dev: `${ofUser}scope_policy = link`,
  },
  {
    what: "`scope_policy` in `/tmp`, a link that another user has made",
    words: creds,
    dev: `${ofUser}scope_policy = ~/shared/theirs`,
    links: { "shared/theirs": ".ssh/id_rsa" },
    foreign: ["shared/theirs"],
  },
  {
    what: "`policy` in a profile that was not asked for",
    words: creds,
    dev: `${ofUser}[profile other]\nrole_arn = arn:aws:iam::123456789012:role/Dev\n` +
      "source_profile = IAM_USER1\npolicy = ~/.ssh/id_rsa",
  },
  {
    what: "`endpoint_url` on another host, for the console",
    words: ["console", "dev"],
    dev: `${ofUser}endpoint_url = https://evil.example.com`,
  },
  {
    what: "`doctor` in a home whose profiles name programs",
    words: ["doctor", "--offline"],
    dev: "credential_process = touch reached\nmfa_process = touch reached",
    takesCode: false,
  },
  {
    what: "`endpoint_url` on another host, for `doctor --ask-iam`",
    words: ["doctor", "--ask-iam"],
    dev: `${ofUser}[profile IAM_USER1]\nendpoint_url = https://evil.example.com`,
    takesCode: false,
  },
  {
    what: "`endpoint_url` on another host, for `init`",
    words: ["init", "--user", "IAM_USER1", "--dry-run", "--role"]
      .concat("x=arn:aws:iam::123456789012:role/X"),
    dev: `${ofUser}[profile IAM_USER1]\nendpoint_url = https://evil.example.com`,
    takesCode: false,
  },
  {
    what: "`credential_process` in a profile that was not asked for",
    words: creds,
    dev: `${ofUser}[profile other]\ncredential_process = touch reached`,
  },
  {
    what: "`credential_process` in a source profile that has keys",
    words: creds,
    dev: `${ofUser}[profile IAM_USER1]\ncredential_process = touch reached`,
  },
  {
    what: "`credential_process` in a profile that is explained",
    words: ["explain", "dev"],
    dev: "credential_process = touch reached",
    takesCode: false,
  },
  {
    what: "`credential_process` with a private key as its output",
    words: creds,
    dev: "credential_process = cat .ssh/id_rsa",
  },
  {
    what: "`credential_process` that asks stsaval for its own profile",
    words: creds,
    dev: "credential_process = stsaval process dev",
  },
  {
    what: "`credential_process` with a word that would end a line of the broker's table",
    words: creds,
    dev: "credential_process = false 'x\n  ready\n  =0) touch reached ;;\n  run 1 0'",
  },
  {
    what: "`mfa_process` in a profile that was not asked for",
    words: creds,
    dev: `${ofUser}[profile other]\nmfa_process = touch reached`,
  },
  {
    what: "`mfa_process` with a command for a shell",
    words: creds,
    dev: "mfa_process = true; touch reached",
  },
  {
    what: "`mfa_process` that prints what is no code",
    words: creds,
    dev: "mfa_process = cat .ssh/id_rsa",
  },
  {
    what: "`endpoint_url` on another host",
    words: creds,
    dev: "endpoint_url = https://sts.example.com",
  },
  {
    what: "`endpoint_url` with STS's name before an @",
    words: creds,
    dev: "endpoint_url = https://sts.amazonaws.com@example.com",
  },
  {
    what: "`endpoint_url` with STS's name in a longer one",
    words: creds,
    dev: "endpoint_url = https://sts.amazonaws.com.example.com",
  },
  {
    what: "`endpoint_url` on another port of STS's host",
    words: creds,
    dev: "endpoint_url = https://sts.amazonaws.com:8443",
  },
  {
    what: "`endpoint_url` on a bucket with STS's name",
    words: creds,
    dev: "endpoint_url = https://sts.s3-eu-west-1.amazonaws.com",
  },
  {
    what: "`endpoint_url` on an API that somebody made at AWS",
    words: creds,
    dev: "endpoint_url = https://a1b2c3.execute-api.eu-west-1.amazonaws.com/sts",
  },
  {
    what: "`endpoint_url` on a private endpoint of somebody's service",
    words: creds,
    dev: "endpoint_url = https://vpce-0a1b-cd.vpce-svc-0d2e.eu-west-1.vpce.amazonaws.com",
  },
  {
    what: "`endpoint_url` on the instance metadata",
    words: creds,
    dev: "endpoint_url = http://169.254.169.254",
  },
  {
    what: "`endpoint_url` of plain http on STS's own host and port",
    words: creds,
    dev: "endpoint_url = http://sts.us-east-1.amazonaws.com:443",
  },
  {
    what: "`endpoint_url` of plain http that looks like this machine",
    words: creds,
    dev: "endpoint_url = http://127.0.0.1.example.com",
  },
  {
    what: "`services` with an `endpoint_url` of plain http",
    words: creds,
    dev: "services = plain\n[services plain]\nsts =\n  endpoint_url = http://sts.amazonaws.com:443",
  },
  {
    what: "`AWS_ENDPOINT_URL` of plain http on STS's own host and port",
    words: creds,
    env: { AWS_ENDPOINT_URL: "HTTP://STS.AMAZONAWS.COM:443" },
  },
  {
    what: "`endpoint_url` of a file",
    words: creds,
    dev: "endpoint_url = file:///etc/passwd",
  },
  {
    what: "`AWS_ENDPOINT_URL_STS` on another host",
    words: creds,
    env: { AWS_ENDPOINT_URL_STS: "https://sts.example.com" },
  },
  {
    what: "`region` that names another host",
    words: creds,
    dev: "region = example.com/#",
  },
  {
    what: "`~/.aws/config` that is a link to a private key",
    words: creds,
    links: { ".aws/config": ".ssh/id_rsa" },
  },
  {
    what: "`~/.aws/credentials` that is a link to a private key",
    words: creds,
    links: { ".aws/credentials": ".ssh/id_rsa" },
  },
  {
    what: "`--role-file` that is a private key",
    words: [...creds, "--role-file", ".ssh/id_rsa"],
  },
  {
    what: "a cache folder that others may write",
    words: creds,
    links: { ".aws/stsaval": "shared" },
  },
  {
    what: "a cache folder that belongs to another user",
    words: creds,
    folders: [".aws/stsaval"],
    foreign: [".aws/stsaval"],
  },
  {
    what: "`seal.json` whose keeper is a command",
    words: creds,
    files: { ".aws/stsaval/seal.json": sealOf("sh -c 'touch reached'") },
  },
  {
    what: "`seal.json` whose keeper is a private key",
    words: creds,
    files: { ".aws/stsaval/seal.json": sealOf("identity:~/.ssh/id_rsa") },
  },
  {
    what: "`seal.json` that is a link to a private key",
    words: creds,
    links: { ".aws/stsaval/seal.json": ".ssh/id_rsa" },
    programs: { keyctl: ownKeyring },
  },
  {
    what: "`mfa_store` of `[profile ../../../.ssh/id_rsa]`",
    words: ["creds", "--no-input", "--profiles", "dev"],
    files: {
      ".aws/stsaval/sealed/other.keys.age": "",
      ".ssh/id_rsa.mfa.age": "",
      ".ssh/id_rsa.mfa.json": noteOf("sh -c 'touch reached'"),
    },
    config: `[profile dev]\n${role}source_profile = ../../../.ssh/id_rsa\n` +
      "[profile ../../../.ssh/id_rsa]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n" +
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n" +
      "mfa_serial = arn:aws:iam::123456789012:mfa/kim\nmfa_store = true",
    takesCode: false,
  },
  {
    what: "the note of a kept seed that is opened by a command",
    words: ["creds", "--no-input", "--profiles", "dev"],
    dev: `${ofUser}[profile IAM_USER1]\nmfa_store = true`,
    files: seedOf("sh -c 'touch reached'"),
    takesCode: false,
  },
  {
    what: "the note of a kept seed that is opened by a private key",
    words: ["creds", "--no-input", "--profiles", "dev"],
    dev: `${ofUser}[profile IAM_USER1]\nmfa_store = true`,
    files: seedOf("identity:~/.ssh/id_rsa"),
    takesCode: false,
  },
  {
    what: "`--output` through another user's link in a shared folder",
    words: [...creds, "--output", "shared/out"],
    links: { "shared/out": ".ssh/id_rsa" },
    foreign: ["shared/out"],
  },
  {
    what: "`~/.aws/config` that leads through another user's link in a shared folder",
    words: creds,
    links: { "shared/out": ".ssh/id_rsa", ".aws/config": "shared/out" },
    foreign: ["shared/out"],
  },
  {
    what: "`AWS_CONTAINER_CREDENTIALS_FULL_URI` on another host",
    words: creds,
    dev: container,
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "https://credentials.example.com/get" },
  },
  {
    what: "`AWS_CONTAINER_CREDENTIALS_FULL_URI` on another host, in clear",
    words: creds,
    dev: container,
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.2@example.com/get" },
  },
  {
    what: "`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` that names a host",
    words: creds,
    dev: container,
    env: { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "@example.com/get" },
  },
  {
    what: "`AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` that is a private key",
    words: creds,
    dev: container,
    env: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:9/get",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: ".ssh/id_rsa",
    },
  },
  {
    what: "`ec2_metadata_service_endpoint` on another host",
    words: creds,
    dev: `${instance}ec2_metadata_service_endpoint = https://metadata.example.com`,
  },
  {
    what: "`ec2_metadata_service_endpoint` on another host, in clear",
    words: creds,
    dev: `${instance}ec2_metadata_service_endpoint = http://10.0.0.1`,
  },
  {
    what: "the name of a profile that is a path",
    words: ["creds", "--profiles", "../../.ssh/id_rsa"],
  },
  {
    what: "`--output` below a file",
    words: [...creds, "--format", "json", "--output", ".ssh/id_rsa/x"],
  },
];
