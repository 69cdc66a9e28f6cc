/**
 * Which files of policies a command line may read: those that its own profiles and options name, with where links lead.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { narrowed } from "./narrowed.ts";

const aws = "/home/kim/.aws";

const config = `[profile kim]
[profile dev]
role_arn = arn:aws:iam::123456789012:role/Dev
source_profile = kim
policy = policies/dev.json
[profile agent]
role_arn = arn:aws:iam::123456789012:role/Agent
source_profile = dev
scope_policy = ~/agent.json
[profile named]
role_arn = arn:aws:iam::123456789012:role/Named
source_profile = kim
policy = {"Statement":[]}
scope_policy = s3-read:reports
[profile other]
role_arn = arn:aws:iam::123456789012:role/Other
source_profile = kim
policy = /home/kim/.ssh/id_rsa
`;

const files = {
  [`${aws}/config`]: config,
  [`${aws}/credentials`]:
    "[kim]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n",
};

/** What may be read beside the files of the configuration and the cache. */
async function readBy(
  line: readonly string[],
  links: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const { left } = await narrowed(line, { files, links });
  const usual = [`${aws}/config`, `${aws}/credentials`];
  return left("read").filter((path) => !usual.includes(path) && !path.startsWith(`${aws}/stsaval`));
}

for (const command of ["creds", "process", "exec", "env", "serve", "watch", "write", "explain"]) {
  Deno.test(`${command} may read the policies of its own profiles alone`, async () => {
    const rest = command === "exec" ? ["--", "true"] : [];
    const also = command === "write" ? [aws] : [];
    const usual = (paths: readonly string[]) =>
      paths.filter((path) => !also.includes(path) && !path.includes("credentials"));
    assertEquals(usual(await readBy([command, "kim", ...rest])), []);
    assertEquals(usual(await readBy([command, "dev", ...rest])), [`${aws}/policies/dev.json`]);
    assertEquals(usual(await readBy([command, "agent", ...rest])), [
      `${aws}/policies/dev.json`,
      "/home/kim/agent.json",
    ]);
    assertEquals(usual(await readBy([command, "named", ...rest])), []);
  });
}

Deno.test("a policy that an option names may be read, where it is a file", async () => {
  for (const option of ["--policy", "--scope"]) {
    assertEquals(await readBy(["creds", "kim", option, "/srv/p.json"]), ["/srv/p.json"]);
    assertEquals(await readBy(["creds", "kim", option, "~/p.json"]), ["/home/kim/p.json"]);
    assertEquals(await readBy(["creds", "kim", option, '{"Statement":[]}']), []);
    assertEquals(await readBy(["creds", "kim", option, "s3-read:reports/2026"]), []);
  }
});

Deno.test("a policy that is a link may be read there and where it leads, as the configuration itself", async () => {
  const links = { [`${aws}/policies/dev.json`]: "/home/kim/dotfiles/dev.json" };
  assertEquals(await readBy(["creds", "dev"], links), [
    `${aws}/policies/dev.json`,
    "/home/kim/dotfiles/dev.json",
  ]);
});

Deno.test("commands that hand nothing out read no policy", async () => {
  for (const command of [["profiles"], ["status"], ["logout", "dev"], ["login", "kim"]]) {
    const read = await readBy(command);
    assert(read.every((path) => !path.endsWith(".json")), `${command}: ${read}`);
  }
});
