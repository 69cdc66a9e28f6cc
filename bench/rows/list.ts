/**
 * A list of 10,000 profiles: time against that of aws-vault, which is built where Go is installed, and memory.
 *
 * @module
 */

import { denoFolder } from "../../tests/peers/source_program.ts";
import { type Program, stsaval } from "../programs.ts";
import type { Measured, Row } from "../row.ts";
import { once, ratioOfPairs, summarize } from "../statistics.ts";
import { usageOf } from "../usage.ts";

const profiles = 10_000;
const pairs = 15;
const awsVault = "github.com/99designs/aws-vault/v7";
const version = "v7.2.0";

interface ListHome extends AsyncDisposable {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

async function makeListHome(): Promise<ListHome> {
  const path = await Deno.makeTempDir({ prefix: "stsaval-list-" });
  const roles = Array.from({ length: profiles }, (_, index) =>
    `[profile role-${index}]
role_arn = arn:aws:iam::123456789012:role/Role${index}
source_profile = user
mfa_serial = arn:aws:iam::123456789012:mfa/kim
region = eu-west-1
`);
  await Deno.mkdir(`${path}/.aws`);
  await Deno.writeTextFile(`${path}/.aws/config`, roles.join(""));
  const keys = "[user]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret\n";
  await Deno.writeTextFile(`${path}/.aws/credentials`, keys);
  const vault = { AWS_VAULT_BACKEND: "file", AWS_VAULT_FILE_PASSPHRASE: "bench" };
  const env = { HOME: path, PATH: Deno.env.get("PATH") ?? "", DENO_DIR: denoFolder(), ...vault };
  return { path, env, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** aws-vault, built once as what a module of Go requires. */
const builtVault = once(async (): Promise<Program> => {
  const folder = ".tmp/compiled/bench/aws-vault";
  const path = `${folder}/aws-vault`;
  if (await Deno.stat(path).then(() => true, () => false)) {
    return { path: await Deno.realPath(path) };
  }
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(
    `${folder}/go.mod`,
    `module bench\n\ngo 1.24\n\nrequire ${awsVault} ${version}\n`,
  );
  try {
    const { success, stderr } = await new Deno.Command("go", {
      args: ["build", "-mod=mod", "-o", "aws-vault", awsVault],
      cwd: folder,
    }).output();
    if (success) return { path: await Deno.realPath(path) };
    return { missing: `aws-vault cannot be built: ${new TextDecoder().decode(stderr).trim()}` };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { missing: "there is no Go" };
    throw error;
  }
});

async function compareTime(): Promise<Measured> {
  const [made, vault] = [await stsaval(), await builtVault()];
  if ("missing" in made) return made;
  if ("missing" in vault) return vault;
  await using home = await makeListHome();
  const time = (...words: string[]) => async () => (await usageOf(words, home)).wall;
  return await ratioOfPairs(time(vault.path, "list"), time(made.path, "profiles"), pairs);
}

async function measureMemory(): Promise<Measured> {
  const made = await stsaval();
  if ("missing" in made) return made;
  await using home = await makeListHome();
  const values: number[] = [];
  for (let round = 0; round < 5; round++) {
    values.push((await usageOf([made.path, "profiles"], home)).memory);
  }
  return summarize(values);
}

/** The rows. */
export const listRows: readonly Row[] = [
  {
    what: `listing ${profiles} profiles, of aws-vault`,
    limit: { atMost: 1 },
    measure: compareTime,
  },
  {
    what: `listing ${profiles} profiles, memory`,
    unit: "MiB",
    limit: { atMost: 80 },
    measure: measureMemory,
  },
];
