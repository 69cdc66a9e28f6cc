/**
 * The hosts that a command may call, and what is left of those that were granted.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { ParsedArguments } from "../../../src/cli/parse/arguments.ts";
import { type NeedRow, needRow } from "../../../src/cli/permissions/needs.ts";
import {
  grantedHosts,
  hostOf,
  isKnownUrl,
  narrowNetwork,
} from "../../../src/cli/permissions/network.ts";
import { UsageError } from "../../../src/errors.ts";
import { FakePermissions, fakeSystem } from "../../fake_system.ts";
import { released } from "./narrowed.ts";

const sts = "sts.eu-west-1.amazonaws.com";
const callsSts: readonly NeedRow[] = [{ summary: "call STS", sts: true }];
const nothing = new ParsedArguments({}, [], []);

interface Start {
  readonly grants?: readonly string[];
  readonly rows?: readonly NeedRow[];
  readonly facts?: typeof released | undefined;
  readonly given?: ParsedArguments;
}

/** A command's network, with what is left of the grants. */
function start({ grants = grantedHosts(), rows = callsSts, facts, given = nothing }: Start) {
  const permissions = new FakePermissions(grants.map((host) => `net:${host}`));
  const system = fakeSystem({ permissions });
  const { network } = narrowNetwork(rows, { name: "creds", system, facts, given });
  return {
    call: (...urls: readonly string[]) => network.callOnly?.(urls),
    canCall: network.callOnly !== undefined,
    left: () => [...permissions.grants].map((grant) => grant.slice("net:".length)).sort(),
  };
}

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("hostOf() is a host with its port, as in Deno's permissions", () => {
  const rows = [
    ["https://a.example/x", "a.example:443"],
    ["http://a.example", "a.example:80"],
    ["https://a.example:8443", "a.example:8443"],
    ["http://[::1]:4566", "[::1]:4566"],
  ] as const;
  for (const [url, host] of rows) assertEquals(hostOf(url), host);
});

pure(
  "hosts that one command calls are closed to all others, also within what is granted for AWS",
  () => {
    const host = "signin.aws.amazon.com";
    const rows: readonly NeedRow[] = [
      ...callsSts,
      { summary: "sign in to the console", hostNames: [host] },
    ];
    const allowed = start({ rows, facts: released });
    allowed.call(`https://${sts}`, `https://${host}/federation`);
    assertEquals(allowed.left(), [`${host}:443`, `${sts}:443`]);
    for (
      const other of [`x.${host}`, "signin.aws.amazon.com.example.com", "iam.amazonaws.com"]
    ) {
      assertThrows(() => start({ rows, facts: released }).call(`https://${other}`), UsageError);
    }
    assertThrows(() => start({ facts: released }).call(`https://${host}/federation`), UsageError);
  },
);

pure(
  "a rotation calls STS and the IAM of its partition, and no other host of AWS's or like it",
  () => {
    const rows = [...callsSts, needRow("rotate-keys")];
    const iam = "iam.amazonaws.com";
    const allowed = start({ rows, facts: released });
    allowed.call(`https://${sts}`, `https://${iam}`);
    assertEquals(allowed.left(), [`${iam}:443`, `${sts}:443`]);
    const others = [`x.${iam}`, `${iam}.example.com`, "iam.example.com", "s3.amazonaws.com"];
    for (const other of others) {
      assertThrows(() => start({ rows, facts: released }).call(`https://${other}`), UsageError);
      // Beside a host that may be called it is left out.
      const beside = start({ rows, facts: released });
      beside.call(`https://${sts}`, `https://${other}`);
      assertEquals(beside.left(), [`${sts}:443`]);
    }
  },
);

pure("isKnownUrl() is true for services of AWS, this machine and its links", () => {
  const rows = [
    [`https://${sts}`, true],
    ["http://127.0.0.1:4566", true],
    ["http://localhost", true],
    ["http://[::1]:1", true],
    ["http://169.254.169.254/latest", true],
    ["http://169.254.169.254:8080/latest", false],
    ["https://bucket.s3.amazonaws.com", false],
    ["https://sts.example.com", false],
    ["http://127.0.0.2", false],
  ] as const;
  for (const [url, isKnown] of rows) assertEquals(isKnownUrl(url), isKnown, url);
});

pure("after the first call only its hosts are left, compiled and from source", () => {
  for (const facts of [released, undefined]) {
    const { call, left } = start({ facts });
    call(`https://${sts}`, "http://127.0.0.1:4566");
    assertEquals(left(), ["127.0.0.1:4566", `${sts}:443`]);
  }
  // The links of the machine are plain http to their own port.
  const { call, left } = start({ facts: released });
  call("http://169.254.169.254/latest/api/token");
  assertEquals(left(), ["169.254.169.254:80"]);
});

pure("from source, hosts that were allowed by name are narrowed by it", () => {
  const grants = ["sts.example.com", "sts.example.com:8443", sts, "sts.us-east-1.amazonaws.com"];
  const { call, left } = start({ grants });
  call("https://sts.example.com:8443");
  assertEquals(left(), ["sts.example.com:8443"]);
});

pure(
  "hosts that were compiled in may be called, with their port or without one, in any case",
  () => {
    const facts = { ...released, hosts: ["Sts.Example.com:8443", "proxy.example"] };
    const grants = [...grantedHosts(), "sts.example.com:8443", "proxy.example"];
    for (const url of ["https://sts.example.com:8443", "https://proxy.example", `https://${sts}`]) {
      const { call } = start({ grants, facts });
      call(url);
    }
    const { call } = start({ grants: [...grants, "sts.example.com:443"], facts });
    const error = assertThrows(() => call("https://sts.example.com/path"), UsageError);
    assertEquals([error.message, error.hint], [
      'Cannot call "sts.example.com": this program may only call AWS\'s STS, IAM Identity Center and ' +
      "Sign-In, and this machine",
      "with Deno it may call a host that you name: 'stsaval permissions creds --deno -- " +
      "--endpoint-url https://sts.example.com' prints the command line",
    ]);
  },
);

pure("a host that may not be called is refused where no other is left", () => {
  const { call, left } = start({ grants: ["*.amazonaws.com:443"] });
  const error = assertThrows(() => call("https://sts.example.com:8443/x"), UsageError);
  assertEquals([error.message, error.hint], [
    'Cannot call "sts.example.com:8443": --allow-net does not allow it',
    "run with --allow-net=sts.example.com:8443",
  ]);
  call("https://sts.example.com", `https://${sts}`);
  assertEquals(left(), [`${sts}:443`]);
  // Nothing to call is no error, and nothing is left to call.
  call();
  assertEquals(left(), []);
});

pure("plain http is for this machine and its links, unless it is allowed by hand", () => {
  const url = `http://${sts}:443`;
  assertThrows(() => start({}).call(url), UsageError, "plain http is for this machine");
  const { call, left } = start({ given: new ParsedArguments({ "allow-http": true }, [], []) });
  call(url);
  assertEquals(left(), [`${sts}:443`]);
});

pure(
  "a command that calls nobody keeps what it listens on, with all ports if it may be any",
  () => {
    const listening = (address: string): readonly NeedRow[] => [
      { summary: "listen", listen: () => [address] },
    ];
    for (const address of ["127.0.0.1", "127.0.0.1:8080"]) {
      for (const facts of [released, undefined]) {
        const { left, canCall } = start({ rows: listening(address), facts });
        assertEquals([left(), canCall], [[address], false]);
      }
    }
    assertEquals(start({ rows: [] }).left(), []);
    const { call, left } = start({ rows: [...callsSts, ...listening("127.0.0.1")] });
    call(`https://${sts}`);
    assertEquals(left(), ["127.0.0.1", `${sts}:443`]);
  },
);

pure("hosts of GitHub are dropped at once, unless the command line may call them", () => {
  const github = "*.actions.githubusercontent.com:443";
  const withoutPort = github.replace(":443", "");
  for (const facts of [released, undefined]) {
    assertEquals(start({ facts }).left(), grantedHosts().filter((host) => host !== github).sort());
  }
  assertEquals(start({ grants: [withoutPort, sts] }).left(), [sts]);
  const rows: readonly NeedRow[] = [
    ...callsSts,
    { summary: "call GitHub", hosts: ["actions.githubusercontent.com"] },
  ];
  const { call, left } = start({ rows, facts: released });
  assert(left().includes(github));
  call("https://run.actions.githubusercontent.com/t");
  assertEquals(left(), ["run.actions.githubusercontent.com:443"]);
});

pure("the rows of the table say who calls", () => {
  assertEquals(start({ rows: [needRow("sts")] }).canCall, true);
});
