/**
 * An STS that repeats what it was sent: no secret of it gets into an error, a log line, an event or a file.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { StsavalError, StsCore } from "../../mod.ts";
import { createStsEmulator, formatSampleHome, sampleWorld } from "../../src/testing/mod.ts";
import { fakeSystem, VirtualClock } from "../fake_system.ts";
import { refusal } from "../sts/handmade.ts";

const role = "DynamoDBRole-dev";

/** How the text repeats what was sent. */
const encodings: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "percent encoded": encodeURIComponent,
  "percent encoded twice, in lower case": (text) =>
    encodeURIComponent(encodeURIComponent(text)).toLowerCase(),
  "in base64": btoa,
  "as entities": (text) => text.replace(/./g, (found) => `&#${found.charCodeAt(0)};`),
  "as JSON": (text) => JSON.stringify(JSON.stringify(text)),
};

/** Everything that the request held and that is secret; the code and the token first. */
async function sentSecrets(request: Request): Promise<string[]> {
  const code = new URLSearchParams(await request.clone().text()).get("TokenCode");
  const signature = /Signature=(\w+)/.exec(request.headers.get("authorization") ?? "")?.[1];
  const token = request.headers.get("x-amz-security-token");
  return [code, token, signature].filter((secret) => secret !== null && secret !== undefined);
}

for (const [name, encode] of Object.entries(encodings)) {
  for (const refused of ["GetSessionToken", "AssumeRole"]) {
    Deno.test(`what ${refused} repeats ${name} is masked wherever it is told`, async () => {
      const clock = new VirtualClock();
      const emulator = createStsEmulator({ clock, world: sampleWorld(3) });
      const home = formatSampleHome(emulator.world, { url: "http://127.0.0.1:4566" });
      const secrets: string[] = [];
      const told: string[] = [];
      const system = fakeSystem({
        clock,
        fetch: async (request) => {
          const action = new URLSearchParams(await request.clone().text()).get("Action");
          if (action !== refused) return await emulator.handle(request);
          secrets.push(...await sentSecrets(request));
          const text = `Header was '${encode(secrets.join("|"))}', and ${secrets.map(encode)}`;
          const id = secrets.at(-1) ?? "";
          return refusal("AccessDenied", text, 403, { "x-amzn-requestid": id });
        },
        files: {
          "/home/kim/.aws/config": home.config,
          "/home/kim/.aws/credentials": home.credentials,
        },
      });
      const tell = (line: string) => void told.push(line);
      const logger = { debug: tell, info: tell, warn: tell, error: tell };
      await using sts = new StsCore({ system, logger, cache: "disk", profileName: "IAM_USER1" });
      const [user] = emulator.world.users;
      const mfaCode = emulator.mfaCode(user?.mfa?.serial ?? "");
      const error = await assertRejects(
        () => sts.generateCredentials([role], { mfaCode, lifetime: 2 }),
        StsavalError,
      );
      told.push(error.message, error.hint ?? "", JSON.stringify(error), Deno.inspect(error));
      const written = [...system.files.contents].filter(([path]) => path.endsWith(".refused"));
      if (refused === "GetSessionToken") assertEquals(written.length, 1);
      told.push(...written.map(([, text]) => String(text)));
      assert(secrets.length > 0);
      const all = told.join("\n");
      for (const secret of new Set(secrets)) {
        for (const [form, again] of Object.entries(encodings)) {
          assert(!all.includes(again(secret)), `${form}: ${secret.slice(0, 6)} in ${all}`);
        }
      }
      assert(error.message.includes("Header was '"), error.message);
    });
  }
}
