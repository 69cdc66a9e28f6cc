import { assertEquals } from "@std/assert";
import type { CredentialPlan } from "../../src/plan.ts";
import { logUsedWarnings } from "../../src/session/used_warnings.ts";
import { Desk, role } from "../cli/desk.ts";
import { base } from "./fixtures.ts";

const odd = `\n[profile odd]]\nregion = r\n[profile a]\nmfa_serail = x\njunk\nregion = r\n`;

function desk(more = ""): Desk {
  return new Desk({ edit: (config) => `${config}${more}${odd}` });
}

Deno.test("a warning of one section does not come with commands that do not use it", async () => {
  const at = desk();
  const commands = [["creds", "--profiles", role], ["env", "--profile", role], ["token"], [
    "status",
  ]];
  for (const words of commands) {
    const code = words[0] === "status" ? [] : ["--mfa-code", at.code];
    const user = words[0] === "token" ? ["--profile", "IAM_USER1"] : [];
    const { status, err } = await at.run(...words, ...user, ...code);
    assertEquals([words[0], status, err], [words[0], 0, ""]);
  }
});

Deno.test("a warning comes with the command that uses its profile, and all of them with -v", async () => {
  const at = desk("mfa_serail = x\n");
  const { err } = await at.run("creds", "--profiles", "S3ReadOnlyRole-prod", "--mfa-code", at.code);
  assertEquals(err.match(/"mfa_serail" is not known/g)?.length, 1);
  assertEquals(err.includes("odd"), false);
  const verbose = await desk().run("creds", "--profiles", role, "--mfa-code", at.code, "--verbose");
  for (
    const text of ['"[profile odd]" ignored', '"mfa_serail" is not known', 'a line without "="']
  ) {
    assertEquals([text, verbose.err.includes(text)], [text, true]);
  }
});

Deno.test("the older name of a session token's variable is told where its keys are used", () => {
  const plan = (kind: "environment" | "static-keys"): CredentialPlan => ({
    ...{ profile: "a", base: { ...base, kind }, roles: [], notices: [] },
  });
  const told = (sessionVariable: string | undefined, ...plans: CredentialPlan[]) => {
    const lines: string[] = [];
    const say = (level: string) => (line: string) => void lines.push(`${level} ${line}`);
    const logger = {
      ...{ debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") },
    };
    const config = { warnings: [], environment: { sessionVariable } };
    logUsedWarnings(config as never, [], plans, logger);
    return lines;
  };
  const [env, file] = [plan("environment"), plan("static-keys")];
  const line = "warn load: AWS_SECURITY_TOKEN is read as AWS_SESSION_TOKEN, its newer name";
  assertEquals(told("AWS_SECURITY_TOKEN", env), [line]);
  assertEquals(told("AWS_SECURITY_TOKEN", file, env, file), [line]);
  assertEquals(told("AWS_SECURITY_TOKEN", file), []);
  assertEquals(told("AWS_SESSION_TOKEN", env), []);
  assertEquals(told(undefined, env), []);
});
