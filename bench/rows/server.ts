/**
 * The credential server of the compiled program against `Deno.serve` in a program of its own, compiled likewise, which
 * returns the same bytes: 64 connections, in turns.
 *
 * @module
 */

import { createCredentialServer } from "../../mod.ts";
import { denoFolder } from "../../tests/peers/source_program.ts";
import { MarkReader, startIn } from "../../tests/peers/stsaval_process.ts";
import { simulate } from "../../tests/refresh/simulation.ts";
import { compileScript, openHome, stsaval } from "../programs.ts";
import type { Measured, Row } from "../row.ts";
import { load, requestOf, type Target } from "../server/load.ts";
import { once, summarize, timeOf } from "../statistics.ts";

const connections = 64;
const pairs = 31;
const roundMs = 400;
const profile = "DynamoDBRole-dev";

interface Running extends AsyncDisposable {
  readonly pid: number;
  readonly target: Target;
}

/** Starts a program that serves, and tells by its first line where. */
async function start(
  words: readonly string[],
  targetOf: (line: string) => Target,
): Promise<Running> {
  const { home } = await openHome();
  const env = { HOME: home, DENO_DIR: denoFolder(), DENO_NO_UPDATE_CHECK: "1" };
  const child = startIn({ path: home, env }, words, {});
  const reader = new MarkReader(child.stdout);
  const target = targetOf(await reader.until("\n"));
  return {
    pid: child.pid,
    target,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await reader[Symbol.asyncDispose]();
      await child.stderr.cancel();
      await child.stdin.close();
      await child.status;
    },
  };
}

async function startServe(path: string): Promise<Running> {
  const [, code] = (await openHome()).freshMfa();
  const words = [path, "serve", profile, "--format", "json", "--mfa-code", code];
  return await start(words, (line) => {
    const { set } = JSON.parse(line).servers[0];
    return requestOf(
      set.AWS_CONTAINER_CREDENTIALS_FULL_URI,
      set.AWS_CONTAINER_AUTHORIZATION_TOKEN,
    );
  });
}

/** The bytes of the response of the server, by `Deno.serve`. */
async function startBare(path: string, { port, request }: Target): Promise<Running> {
  const text = new TextDecoder().decode(request);
  const [, urlPath = ""] = /^GET (\S+)/.exec(text) ?? [];
  const [, authorization = ""] = /^Authorization: (.*)\r$/m.exec(text) ?? [];
  const response = await fetch(`http://127.0.0.1:${port}${urlPath}`, {
    headers: { authorization },
  });
  const headers = Object.fromEntries(
    ["cache-control", "content-type", "x-content-type-options"].map((
      name,
    ) => [name, response.headers.get(name)]),
  );
  const line = JSON.stringify({ body: await response.text(), headers });
  return await start([path, line], (port) => ({ port: Number(port), request }));
}

interface Ratios {
  readonly rate: Measured;
  readonly p99: Measured;
  readonly work: Measured;
}

const compare = once(async (): Promise<Ratios> => {
  const program = await stsaval();
  const bare = new URL("../server/bare.ts", import.meta.url);
  const other = await compileScript("bare_server", bare, ["--allow-net=127.0.0.1"]);
  if ("missing" in program) return { rate: program, p99: program, work: program };
  if ("missing" in other) return { rate: other, p99: other, work: other };
  await using ours = await startServe(program.path);
  await using theirs = await startBare(other.path, ours.target);
  const servers = [ours, theirs] as const;
  for (const { target } of servers) await load(target, connections, { ms: roundMs });
  const ratios: { readonly rate: number; readonly p99: number; readonly work: number }[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const isTurned = pair % 2 === 1;
    const loads = [];
    for (const server of isTurned ? servers.toReversed() : servers) {
      loads.push(await measure(server));
    }
    const [our, their] = isTurned ? loads.reverse() : loads;
    if (our === undefined || their === undefined) throw new Error("nothing was measured");
    ratios.push({
      rate: our.rate / their.rate,
      p99: our.p99 / their.p99,
      work: our.work / their.work,
    });
  }
  return {
    rate: summarize(ratios.map(({ rate }) => rate)),
    p99: summarize(ratios.map(({ p99 }) => p99)),
    work: Deno.build.os === "linux"
      ? summarize(ratios.map(({ work }) => work))
      : { missing: "the processor time of a process is read from /proc" },
  };
});

/** A load, with the processor time of the server for each request. */
async function measure({ pid, target }: Running) {
  const before = await workOf(pid);
  const loaded = await load(target, connections, { ms: roundMs });
  return { ...loaded, work: (await workOf(pid) - before) / loaded.requests };
}

/** The processor time of a process, in the system's ticks. */
async function workOf(pid: number): Promise<number> {
  if (Deno.build.os !== "linux") return NaN;
  const stat = await processFile(pid, "stat");
  // The name of the program, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

/** The memory after a million requests, as a multiple of that after the first hundred thousand. */
async function growth(): Promise<Measured> {
  if (Deno.build.os !== "linux") return { missing: "the memory of a process is read from /proc" };
  const program = await stsaval();
  if ("missing" in program) return program;
  await using server = await startServe(program.path);
  await load(server.target, connections, { requests: 100_000 });
  const before = await residentOf(server.pid);
  await load(server.target, connections, { requests: 900_000 });
  return { value: await residentOf(server.pid) / before };
}

/** The kilobytes that a process has in memory. */
async function residentOf(pid: number): Promise<number> {
  const [, size] = /^VmRSS:\s+(\d+) kB$/m.exec(await processFile(pid, "status")) ?? [];
  return Number(size);
}

/** Deno reads what is below /proc with all permissions only. */
async function processFile(pid: number, name: string): Promise<string> {
  const { stdout } = await new Deno.Command("cat", { args: [`/proc/${pid}/${name}`] }).output();
  return new TextDecoder().decode(stdout);
}

/** Asks for each of 10,000 profiles, as a multiple of as many questions for the same one. */
async function tenThousand(): Promise<Measured> {
  const { set } = await simulate({
    ...{ profiles: 10_000, roleSeconds: 3_600, lifetimeSeconds: 36 * 3_600 },
  });
  const server = createCredentialServer(set, { port: 9911 });
  const requests = set.status().map(({ profile }) => {
    const variables = server.variables(profile);
    return new Request(variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "", {
      headers: {
        host: "127.0.0.1:9911",
        authorization: variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] ?? "",
      },
    });
  });
  const [one] = requests;
  if (one === undefined) throw new Error("nothing is served");
  const ask = (request: Request) => {
    if (server.handle(request).status !== 200) throw new Error("a profile is not served");
  };
  const all = () => timeOf(() => requests.forEach(ask));
  const same = () => timeOf(() => requests.forEach(() => ask(one)));
  const ratios: number[] = [];
  for (let pair = -2; pair < 15; pair++) {
    const least = await same();
    if (pair >= 0) ratios.push(await all() / least);
    else await all();
  }
  await set.halt();
  return summarize(ratios);
}

/** The rows. */
export const serverRows: readonly Row[] = [
  {
    what: "serve: requests a second at 64 connections, of a bare Deno.serve",
    limit: { atLeast: 0.7 },
    measure: async () => (await compare()).rate,
  },
  {
    what: "serve: p99 at 64 connections, of a bare Deno.serve",
    limit: { atMost: 3 },
    measure: async () => (await compare()).p99,
  },
  {
    what: "serve: processor time of a request, of a bare Deno.serve",
    measure: async () => (await compare()).work,
  },
  {
    what: "serve: memory after 1,000,000 requests, of after 100,000",
    limit: { atMost: 1.2 },
    measure: growth,
  },
  {
    what: "serve: an answer of 10,000 profiles, of the same one again",
    limit: { atMost: 3 },
    measure: tenThousand,
  },
];
