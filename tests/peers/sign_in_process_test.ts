/**
 * The AWS CLI and boto3 get a role on top of a sign-in from `stsaval process`: judges that others wrote.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { onTop, type SignInHome, signIns, startSignInHome } from "./sign_in_home.ts";
import { isInstalled, runIn } from "./stsaval_process.ts";

/** Twice, with a refresh of its own between: what a program that runs for long does. */
const byBoto3 = `
import sys, boto3
session = boto3.Session(profile_name="cli")
credentials = session.get_credentials()
print(credentials.method, credentials._expiry_time.isoformat())
sts = session.client("sts", endpoint_url=sys.argv[1])
print(sts.get_caller_identity()["Arn"])
credentials._protected_refresh(is_mandatory=True)
print(sts.get_caller_identity()["Arn"])`;

async function hasBoto3(): Promise<boolean> {
  if (!await isInstalled("python3")) return false;
  const args = ["-c", "import boto3"];
  return (await new Deno.Command("python3", { args, stderr: "null" }).output()).success;
}

const programs = {
  "the AWS CLI": {
    isHere: await isInstalled("aws"),
    async arns({ home }: SignInHome): Promise<readonly string[]> {
      const words = ["sts", "get-caller-identity", "--profile", "cli", "--output", "json"];
      const { code, stdout, stderr } = await runIn(home, [
        ...["aws", ...words, "--endpoint-url", home.url],
      ]);
      assertEquals([code, stderr], [0, ""]);
      return [JSON.parse(stdout).Arn];
    },
  },
  boto3: {
    isHere: await hasBoto3(),
    async arns({ home }: SignInHome): Promise<readonly string[]> {
      const { code, stdout, stderr } = await runIn(home, ["python3", "-c", byBoto3, home.url]);
      assertEquals([code, stderr], [0, ""]);
      const [how = "", ...arns] = stdout.trim().split("\n");
      const [method, end = ""] = how.split(" ");
      assertEquals(method, "custom-process");
      assert(Date.parse(end) > Date.now() + 50 * 60_000, end);
      assertEquals(arns.length, 2);
      return arns;
    },
  },
};

for (const kind of Object.keys(signIns) as (keyof typeof signIns)[]) {
  for (const [program, { isHere, arns }] of Object.entries(programs)) {
    Deno.test({
      name: `${program} gets a role on top of ${kind} from stsaval process` +
        (isHere ? "" : " (left out: it is not installed)"),
      ignore: !isHere,
      async fn() {
        // Less than any window: the sign-in is refreshed on the way.
        await using made = await startSignInHome(kind, 120);
        // Others may have made it readable for all, in a folder that is.
        await Deno.chmod(made.path, 0o644);
        for (let call = 0; call < 2; call++) {
          for (const arn of await arns(made)) assertStringIncludes(arn, `:assumed-role/${onTop}/`);
        }
        // What stsaval keeps serves all calls: one refresh, one AssumeRole.
        const { emulator } = made;
        assertEquals(((await Deno.stat(made.path)).mode ?? 0) & 0o777, 0o600);
        assertEquals([emulator.count(signIns[kind].refresh), emulator.count("AssumeRole")], [1, 1]);
      },
    });
  }
}
