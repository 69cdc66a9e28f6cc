/**
 * The accounts and the `~/.aws` of the pages: what their commands are run with, where a page shows no files of its own.
 *
 * @module
 */

import { loginSessionOf } from "../../src/testing/world/account_state.ts";
import {
  type EmulatorWorld,
  githubIssuer,
  sampleMachineWorld,
  ssoRoleArn,
} from "../../src/testing/mod.ts";

/** The home folder of the person in the pages. */
export const home = "/home/kim";
const account = "123456789012";
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const user = `arn:aws:iam::${account}:user/kim`;
const withCode = [
  ...["Network", "Dns", "Audit", "WebDev", "WebQa", "WebProd", "DbDev", "DbQa", "DbProd"],
  "Dev",
  "Qa",
  "Prod",
  "Api",
  "Db",
  "DynamoDBRole",
  "Bedrock",
];
const signIn = { roleArn: role("Admin"), sessionName: "kim" };
/** Who may assume the roles that need no code. */
const signedIn = [role("Admin"), ssoRoleArn(account, "Admin"), role("Machine"), role("App")];

/** With what a job of GitHub Actions asks for its tokens. */
export const githubRequestToken = "job-token-of-the-pages-0123456789abcdefghijklmnop";

/** The value of `login_session` in the pages. */
export const loginSession = loginSessionOf(signIn);

/** What AWS knows. */
export const world: EmulatorWorld = {
  ...sampleMachineWorld("instance"),
  // With the keys of the home, and with those that pages show: AWS's own example.
  users: ["AKIA5QWERTZUIOP23456", "AKIAIOSFODNN7EXAMPLE"].map((accessKeyId) => ({
    name: "kim",
    account,
    accessKeyId,
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    mfa: { serial: `arn:aws:iam::${account}:mfa/kim`, secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" },
  })),
  roles: [
    ...withCode.map((name) => ({
      arn: role(name),
      trusts: [user],
      requireMfa: true,
      maxSessionDuration: 43_200,
    })),
    ...["Deploy", "Logs", "Backup", "Build"].map((name) => ({
      arn: role(name),
      trusts: [user, ...signedIn],
      trustsTokens: [{ issuer: githubIssuer, subject: "repo:example/*" }],
    })),
    { arn: role("Machine"), trusts: [] },
    { arn: role("Locked"), trusts: [], requireMfa: true },
  ],
  sso: {
    startUrl: "https://example.awsapps.com/start",
    region: "us-east-1",
    accounts: [{ accountId: account, name: "Example", roles: [{ name: "Admin" }] }],
  },
  signIn,
  github: { subject: "repo:example/app:ref:refs/heads/main", requestToken: githubRequestToken },
  identityProviders: [{ issuer: githubIssuer, audiences: ["sts.amazonaws.com"] }],
};

const withRole = (name: string, arn: string, source: string) =>
  `[profile ${name}]\nrole_arn = ${arn}\nsource_profile = ${source}\nregion = eu-west-1\n` +
  (source === "kim" ? `mfa_serial = arn:aws:iam::${account}:mfa/kim\n` : "");

/** The files of a page that shows none. */
export const files: Readonly<Record<string, string>> = {
  "~/.aws/config": [
    "[profile kim]\nregion = eu-west-1\n" +
    `mfa_serial = arn:aws:iam::${account}:mfa/kim\n`,
    withRole("dev", role("Dev"), "kim"),
    withRole("qa", role("Qa"), "kim"),
    withRole("prod", role("Prod"), "kim"),
    withRole("api-dev", role("Api"), "kim"),
    withRole("db-dev", role("Db"), "kim"),
    withRole("DynamoDBRole-dev", role("DynamoDBRole"), "kim"),
    withRole("bedrock", role("Bedrock"), "kim"),
    "[stsaval-group backend]\nprofiles = api-dev, db-*\n",
    "[sso-session corp]\nsso_start_url = https://example.awsapps.com/start\n" +
    "sso_region = us-east-1\nsso_registration_scopes = sso:account:access\n",
    `[profile admin]\nsso_session = corp\nsso_account_id = ${account}\nsso_role_name = Admin\n` +
    "region = eu-west-1\n",
    withRole("logs", role("Logs"), "admin"),
    `[profile console]\nlogin_session = ${loginSession}\nregion = eu-west-1\n`,
    withRole("backup", role("Backup"), "console"),
  ].join("\n"),
  "~/myAccount/role_credentials":
    `[acme-db-dev]\nrole_arn = ${role("Db")}\nsource_profile = kim\n` +
    `mfa_serial = arn:aws:iam::${account}:mfa/kim\n`,
  "~/.aws/credentials": "[kim]\naws_access_key_id = AKIA5QWERTZUIOP23456\n" +
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n" +
    "[default]\naws_access_key_id = AKIA5QWERTZUIOP23456\n" +
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n" +
    "[IAM_USER1]\naws_access_key_id = AKIA5QWERTZUIOP23456\n" +
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
};
