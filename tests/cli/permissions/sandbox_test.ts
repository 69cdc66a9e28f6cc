import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { commands } from "../../../src/cli/commands.ts";
import { childVariables } from "../../../src/cli/commands/shared/child.ts";
import { main } from "../../../src/cli/main.ts";
import { parseArguments } from "../../../src/cli/parse/parse.ts";
import { rowsOf } from "../../../src/cli/permissions/needs.ts";
import { grantedHosts } from "../../../src/cli/permissions/network.ts";
import { narrow } from "../../../src/cli/permissions/narrow.ts";
import { UsageError } from "../../../src/errors.ts";
import { Credentials } from "../../../src/credentials.ts";
import type { Helper, Helpers } from "../../../src/system.ts";
import { fakeSystem } from "../../fake_system.ts";
import { settle } from "../../settle.ts";
import { compiled, narrowed, released } from "./narrowed.ts";

function pure(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

pure(
  "a command that needs nothing keeps nothing but the variables that decide about colors",
  async () => {
    const { grants } = await narrowed(["help"]);
    assertEquals([...grants].sort(), ["env:FORCE_COLOR", "env:NO_COLOR", "env:TERM"]);
  },
);

pure("the compiled program removes what leads round permissions, a guest does not", async () => {
  assertEquals((await narrowed(["creds", "dev"], { facts: released })).isSealed, true);
  assertEquals((await narrowed(["creds", "dev"])).isSealed, false);
});

pure("profiles keeps the two files, and what is written is nothing", async () => {
  const { left } = await narrowed(["profiles"]);
  assertEquals(left("read"), ["/home/kim/.aws/config", "/home/kim/.aws/credentials"]);
  for (const kind of ["write", "net", "run"]) assertEquals(left(kind), []);
});

pure("of several roots, such as the drives of Windows, none stays", async () => {
  const roots = ["/", "/home", "/media"];
  const others = compiled.filter((grant) => !/^(?:read|write):/.test(grant));
  const grants = [...others, ...roots.flatMap((root) => [`read:${root}`, `write:${root}`])];
  const { left } = await narrowed(["creds", "dev", "--output", "/media/out"], { grants, roots });
  const kept = [...left("read"), ...left("write")];
  assert(kept.includes("/media/out") && kept.includes("/home/kim/.aws/config"));
  assertEquals(kept.filter((path) => roots.includes(path)), []);
});

pure("files named by options and variables take the place of those in ~/.aws", async () => {
  const words = ["profiles", "--config-file", "~/c", "--role-file", "a", "--role-file", "/b"];
  const { left } = await narrowed(words, { env: { AWS_SHARED_CREDENTIALS_FILE: "/etc/keys" } });
  assertEquals(left("read"), ["/b", "/etc/keys", "/home/kim/c"]);
});

pure("a link is kept together with where it leads", async () => {
  const links = { "/home/kim/.aws/config": "/home/kim/dotfiles/aws" };
  const { left } = await narrowed(["profiles"], { links });
  assertEquals(left("read").slice(0, 2), ["/home/kim/.aws/config", "/home/kim/.aws/credentials"]);
  assertEquals(left("read")[2], "/home/kim/dotfiles/aws");
});

pure("what is written is a file with its temporary one, never a folder of the user's", async () => {
  const { left } = await narrowed(["creds", "--profiles", "dev", "--output", "/home/kim/out.json"]);
  assertEquals(left("write"), [
    "/home/kim/.aws/stsaval",
    "/home/kim/out.json",
    "/home/kim/out.json.tmp",
  ]);
});

pure("write may replace the credentials file, its lock and what was left of it", async () => {
  const leftover = "/home/kim/.aws/credentials.01234567-89ab-cdef-0123-456789abcdef.tmp";
  const { left } = await narrowed(["write", "--all"], { files: { [leftover]: "" } });
  const written = left("write");
  assert(written.includes(leftover));
  assert(written.includes("/home/kim/.aws/credentials.lock"));
  assert(!written.includes("/home/kim/.aws/config"));
  // To look for what was left, as SECURITY.md says; no other command may.
  assert(left("read").includes("/home/kim/.aws"));
  assert(!(await narrowed(["creds", "--profiles", "dev"])).left("read").includes("/home/kim/.aws"));
});

pure(
  "until the plans are known all granted hosts are kept, then those that are called",
  async () => {
    const { system, left } = await narrowed(["creds", "--profiles", "dev"], { facts: released });
    // GitHub is for those alone who name it.
    assertEquals(left("net").length, grantedHosts().length - 1);
    system.network.callOnly?.([
      "https://sts.eu-west-1.amazonaws.com",
      "http://127.0.0.1:4566/sts",
    ]);
    assertEquals(left("net"), ["127.0.0.1:4566", "sts.eu-west-1.amazonaws.com:443"]);
  },
);

for (
  const host of [
    "vpce-0a1b2c3d4e5f60718-abcdefgh.sts.eu-west-1.vpce.amazonaws.com",
    "vpce-0a1b2c3d4e5f60718-abcdefgh-us-gov-west-1a.sts.us-gov-west-1.vpce.amazonaws.com",
    "vpce-0a1b2c3d4e5f60718-abcdefgh.sts.cn-north-1.vpce.amazonaws.com.cn",
    "sts.eu-west-77.amazonaws.com",
    "sts-fips.us-east-9.api.aws",
    "oidc.eu-west-1.amazonaws.com",
    "portal.sso.eu-west-1.amazonaws.com",
    "eu-west-1.signin.aws.amazon.com",
    "cn-north-1.signin.amazonaws.cn",
    "us-gov-west-1.signin.amazonaws-us-gov.com",
    "signin-fips.amazonaws-us-gov.com",
    "us-gov-east-1.signin-fips.amazonaws-us-gov.com",
    "eusc-de-east-1.signin.amazonaws-eusc.eu",
    "signin-fips.us-east-1.amazonaws.com",
    "signin.eu-west-77.api.aws",
  ]
) {
  pure(`the released program calls ${host}, and then no other host`, async () => {
    const { system, left } = await narrowed(["creds", "--profiles", "dev"], { facts: released });
    system.network.callOnly?.([`https://${host}`]);
    assertEquals(left("net"), [`${host}:443`]);
  });
}

for (
  const origin of [
    "https://sts.example.com",
    "https://vpce-0a1b-c.vpce-svc-0d2e.eu-west-1.vpce.amazonaws.com",
    "https://abc.execute-api.eu-west-1.amazonaws.com",
    "https://sts.s3-eu-west-1.amazonaws.com",
    "https://us-east-1.console.aws.amazon.com",
    "https://signin.aws.amazon.com",
    "https://a.eu-west-1.signin.aws.amazon.com",
    "https://eu-west-1.signin.amazonaws.cn",
    "https://example.signin.aws.amazon.com",
    "https://eu-west-1.signin-fips.aws.amazon.com",
    "https://console.amazonaws-us-gov.com",
    "https://sts.eu-west-1.vpce.amazonaws.com",
    "https://vpce-0a1b-c.sts.eu-west-1.amazonaws.com",
    "https://sts.eu-west-1.amazonaws.com.cn",
    "https://sts.eu-west-1.amazonaws.com:8443",
  ]
) {
  pure(`the released program refuses ${origin}, and says what may call it`, async () => {
    const { system } = await narrowed(["creds", "--profiles", "dev"], { facts: released });
    const error = assertThrows(
      () => system.network.callOnly?.([`${origin}/a`]),
      UsageError,
      `Cannot call "${origin.slice("https://".length)}": this program may only call AWS's STS`,
    );
    assert(error.hint?.includes(`'stsaval permissions creds --deno -- --endpoint-url ${origin}'`));
  });
}

const github = "net:*.actions.githubusercontent.com:443";
const idTokens = "https://run-1.actions.githubusercontent.com/1/idtoken/2?api-version=2.0";

pure("GitHub's hosts are dropped at the start of a command without --github-oidc", async () => {
  const { grants } = await narrowed(["creds", "dev"], { facts: released });
  assertEquals(grants.has(github), false);
  const { system } = await narrowed(["creds", "dev"], { facts: released });
  assertThrows(() => system.network.callOnly?.([idTokens]), UsageError);
});

pure("with --github-oidc the job's own host is left, and STS's", async () => {
  const words = ["creds", "dev", "--github-oidc"];
  const { system, grants, left } = await narrowed(words, { facts: released });
  assertEquals(grants.has(github), true);
  system.network.callOnly?.([idTokens, "https://sts.eu-west-1.amazonaws.com"]);
  assertEquals(left("net"), [
    "run-1.actions.githubusercontent.com:443",
    "sts.eu-west-1.amazonaws.com:443",
  ]);
});

for (
  const url of [
    "https://actions.githubusercontent.com/t",
    "https://evilactions.githubusercontent.com/t",
    "https://raw.githubusercontent.com/t",
    "https://run.actions.githubusercontent.com.example.com/t",
    "https://run.actions.githubusercontent.com:8443/t",
    "https://github.example.com/_services/token",
  ]
) {
  pure(`with --github-oidc the released program refuses ${url}`, async () => {
    const words = ["creds", "dev", "--github-oidc"];
    const { system, left } = await narrowed(words, { facts: released });
    assertThrows(() => system.network.callOnly?.([url]), UsageError, "Cannot call");
    const { system: other, left: otherLeft } = await narrowed(words, { facts: released });
    other.network.callOnly?.([url, "https://sts.eu-west-1.amazonaws.com"]);
    assertEquals(otherLeft("net"), ["sts.eu-west-1.amazonaws.com:443"]);
    assert(!left("net").includes(new URL(url).host));
  });
}

const tokenConfig = `[profile pod]
role_arn = arn:aws:iam::123456789012:role/Pod
web_identity_token_file = ~/token
[profile onTop]
role_arn = arn:aws:iam::123456789012:role/OnTop
source_profile = pod
[profile other]
role_arn = arn:aws:iam::123456789012:role/Other
web_identity_token_file = /etc/shadow
[profile keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = x
`;

for (
  const [profile, read] of [["pod", true], ["onTop", true], ["keys", false]] as const
) {
  pure(
    `of the token files of a configuration, '${profile}' may read ${read ? "its own" : "none"}`,
    async () => {
      const files = { "/home/kim/.aws/config": tokenConfig };
      const { left } = await narrowed(["creds", profile], { files });
      assertEquals(left("read").includes("/home/kim/token"), read);
      assertEquals(left("read").includes("/etc/shadow"), false);
    },
  );
}

pure("the token file of the environment may be read", async () => {
  const env = {
    AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/token",
    AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/Pod",
  };
  assert((await narrowed(["creds"], { env })).left("read").includes("/var/run/token"));
  assert(!(await narrowed(["profiles"], { env })).left("read").includes("/var/run/token"));
});

pure(
  "from source, a host that --allow-net does not name is refused with the flag for it",
  async () => {
    const { system } = await narrowed(["creds"], { grants: ["net:*.amazonaws.com"] });
    const error = assertThrows(
      () => system.network.callOnly?.(["https://sts.example.com"]),
      UsageError,
      'Cannot call "sts.example.com": --allow-net does not allow it',
    );
    assertEquals(error.hint, "run with --allow-net=sts.example.com");
  },
);

pure("from source, what was allowed without a port or by a wildcard is narrowed too", async () => {
  const wide = [
    "sts.eu-west-1.amazonaws.com",
    "sts.us-east-1.amazonaws.com:443",
    "*.amazonaws.com",
  ];
  const { system, left } = await narrowed(["creds"], { grants: wide.map((host) => `net:${host}`) });
  system.network.callOnly?.(["https://sts.eu-west-1.amazonaws.com"]);
  assertEquals(left("net"), ["sts.eu-west-1.amazonaws.com:443"]);
});

pure(
  "where one host of several may not be called, the call itself fails, not the rest",
  async () => {
    const { system, left } = await narrowed(["creds", "--profiles", "a,b", "--no-strict"]);
    system.network.callOnly?.(["https://sts.example.com", "https://sts.amazonaws.com"]);
    assertEquals(left("net"), ["sts.amazonaws.com:443"]);
  },
);

pure(
  "plain http is refused on a port that may be called, unless it is allowed by hand",
  async () => {
    const url = "http://sts.us-east-1.amazonaws.com:443";
    const words = ["creds", "--profiles", "a"];
    const { system } = await narrowed(words);
    assertThrows(
      () => system.network.callOnly?.([url]),
      UsageError,
      "plain http is for this machine",
    );
    const allowed = await narrowed([...words, "--allow-http"]);
    allowed.system.network.callOnly?.([url]);
    assertEquals(allowed.left("net"), ["sts.us-east-1.amazonaws.com:443"]);
  },
);

pure("hosts that were compiled in besides those of STS are dropped with the others", async () => {
  const { left, system } = await narrowed(["creds"], {
    grants: [...compiled, "net:sts.example.com"],
    facts: { commit: "", deno: "", lock: "", hosts: ["sts.example.com"] },
  });
  system.network.callOnly?.(["https://sts.example.com"]);
  assertEquals(left("net"), ["sts.example.com:443"]);
});

pure("a command that listens keeps the loopback address and no other host", async () => {
  const { left } = await narrowed(["emulator"]);
  assertEquals(left("net"), ["127.0.0.1"]);
});

pure("login keeps the loopback address with all its ports, from source too", async () => {
  const oidc = "oidc.eu-west-1.amazonaws.com:443";
  for (const facts of [released, undefined]) {
    const grants = facts === undefined
      ? ["net:127.0.0.1", "net:oidc.eu-west-1.amazonaws.com:443"]
      : compiled;
    const { left, system } = await narrowed(["login", "dev"], { grants, ...(facts && { facts }) });
    system.network.callOnly?.([`https://${oidc}`]);
    assertEquals(left("net"), ["127.0.0.1", oidc]);
    system.network.callOnly?.(["http://127.0.0.1:4566"]);
    assert(left("net").includes("127.0.0.1"), left("net").join());
  }
});

pure("a sample home may be written once it is known which files are in use", async () => {
  const { left } = await narrowed(["emulator", "--write-home", "/h"]);
  const used = ["/home/kim/.aws/config", "/home/kim/.aws/credentials"];
  assertEquals(left("read").filter((path) => !path.startsWith("/h/")), used);
  assertEquals(left("write").filter((path) => !path.startsWith("/h/")), []);
  assert(left("env").includes("AWS_CONFIG_FILE"));
  assertEquals((await narrowed(["emulator"])).left("read"), []);
});

const devRole = "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = S\n" +
  "[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/Dev\nsource_profile = default\n";

pure("programs may be run where one is named, and only there", async () => {
  const dev = ["creds", "--profiles", "dev"];
  const config = `${devRole}MFA_process = ykman oath\n`;
  const named = { files: { "/home/kim/.aws/config": config } };
  assertEquals((await narrowed(dev)).left("run"), []);
  for (
    const [words, files] of [[dev, named], [[...dev, "--mfa-command", "op item"], {}]] as const
  ) {
    const { left, system } = await narrowed(words, files);
    assertEquals(left("run"), [""], "a broker has to be started first");
    system.network.callOnly?.(sts);
    assertEquals(left("run"), []);
  }
  assertEquals((await narrowed(["exec", "--", "aws", "s3"])).left("run"), ["", "aws"]);
  assertEquals((await narrowed(["profiles"], named)).left("run"), []);
});

/** A helper that has a terminal, and what was started and sent. */
function openHelper() {
  const sent: string[] = [];
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const start: Helpers["start"] = (): Helper => ({
    exit: Promise.resolve(0),
    stdout: new Blob(["\0"]).stream() as ReadableStream<Uint8Array>,
    kill: () => true,
    send: (text) => Promise.resolve(void sent.push(text)),
    close() {
      sent.push("closed");
      resolve();
      return closed;
    },
  });
  return { start, sent, closed };
}

const sts = ["https://sts.amazonaws.com"];

pure(
  "where a prompt may come elsewhere, programs are dropped right before the first call",
  async () => {
    const { start, sent, closed } = openHelper();
    const { left, system } = await narrowed(["creds"], { canAsk: false, helper: start });
    assertEquals(left("run"), [""]);
    assertEquals(typeof await system.terminal.controlling?.(), "string");
    system.network.callOnly?.(sts, { mayPrompt: true });
    assertEquals(left("run"), []);
    assertEquals(typeof await system.terminal.controlling?.(), "object");
    assertThrows(() => system.processes.start(["true"], {}), Error, "no program in this test");
    await closed;
    assertEquals(sent, ["closed"]);
  },
);

pure(
  "no helper is started where no code is needed, and programs are dropped all the same",
  async () => {
    let started = 0;
    const helper = () => {
      started++;
      return openHelper().start("");
    };
    const { left, system } = await narrowed(["creds"], { canAsk: false, helper });
    system.network.callOnly?.(sts, { mayPrompt: false });
    assertEquals([left("run"), started], [[], 0]);
    assertStringIncludes(String(await system.terminal.controlling?.()), "cannot open another one");
  },
);

for (
  const [what, words, start] of [
    ["a code is given", ["--mfa-code", "123456"], {}],
    ["the code is on standard input", ["--mfa-code", "-"], {}],
    ["a variable holds the code", [], { env: { STSAVAL_MFA_CODE: "123456" } }],
    ["nobody may be asked", ["--no-input"], {}],
    ["standard input and standard error are a terminal", [], { canAsk: true }],
  ] as const
) {
  pure(`programs are dropped at once where ${what}`, async () => {
    const { left, system } = await narrowed(["creds", ...words], { canAsk: false, ...start });
    assertEquals([left("run"), system.terminal.controlling], [[], undefined]);
  });
}

pure("the AWS CLI's cache is kept where it is shared", async () => {
  const creds = ["creds", "--profiles", "dev"];
  const shared = "/home/kim/.aws/cli/cache";
  const config = `${devRole}share_aws_cache = True\n`;
  const files = { "/home/kim/.aws/config": config };
  assert(!(await narrowed(creds)).left("write").includes(shared));
  assert((await narrowed([...creds, "--share-aws-cache"])).left("write").includes(shared));
  assert((await narrowed(creds, { files })).left("write").includes(shared));
  const login = ["login", "--profile", "dev"];
  assert((await narrowed(login, { files })).left("write").includes(shared));
});

pure("without a home no folder below it is kept, nor one that is named like it", async () => {
  const home = { HOME: "" };
  const { left } = await narrowed(["write", "--all", "--share-aws-cache"], { env: home });
  assertEquals(left("write"), []);
});

pure("with --no-cache no folder of a cache is kept", async () => {
  const config = `${devRole}share_aws_cache = true\n`;
  const files = { "/home/kim/.aws/config": config };
  const words = ["creds", "--profiles", "dev", "--no-cache", "--share-aws-cache"];
  const { left } = await narrowed(words, { files });
  assertEquals(left("write"), []);
  assertEquals(left("read"), ["/home/kim/.aws/config", "/home/kim/.aws/credentials"]);
});

pure("a command for codes that is refused later runs nothing", async () => {
  const config = `${devRole}mfa_process = 'open\n`;
  const { left } = await narrowed(["creds", "dev"], { files: { "/home/kim/.aws/config": config } });
  assertEquals(left("run"), []);
});

pure("what a pipe names for codes may be run", async () => {
  const files = { "/dev/fd/63": `${devRole}mfa_process = x` };
  const grants = compiled.map((grant) => grant === "run" ? "run:x" : grant);
  const words = ["creds", "dev", "--role-file", "/dev/fd/63"];
  const { left, system } = await narrowed(words, { files, grants });
  system.network.callOnly?.(sts);
  assertEquals(left("run"), ["x"]);
});

pure("of programs that were compiled in by name, the one that is named is kept", async () => {
  const grants = ["run:op", "run:ykman"];
  const { left, system } = await narrowed(["creds", "--mfa-command", "op item"], {
    grants,
    facts: { commit: "", deno: "", lock: "", hosts: [], programs: ["op", "ykman"] },
  });
  system.network.callOnly?.([]);
  assertEquals(left("run"), ["op"]);
});

pure("variables that the command does not read are dropped", async () => {
  const { left } = await narrowed(["status"]);
  assertEquals(left("env"), [
    ...["AWS_CREDENTIAL_EXPIRATION", "AWS_DEFAULT_PROFILE", "AWS_PROFILE", "FORCE_COLOR", "HOME"],
    ...["NO_COLOR", "STSAVAL_CACHE_DIR", "STSAVAL_PROFILE", "TERM", "USERPROFILE"],
  ]);
});

pure("what Deno granted as a whole stays, unless none of it is needed", async () => {
  const { grants } = await narrowed(["profiles"], {
    grants: ["read", "write", "net", "env", "run", "sys", "ffi"],
  });
  assertEquals([...grants].filter((grant) => !grant.includes(":")), ["read", "env"]);
});

pure("with less than is needed nothing is asked for", async () => {
  const { grants, system } = await narrowed(["creds", "--profiles", "dev", "--output", "x"], {
    grants: ["read:/home/kim/.aws"],
  });
  assertEquals([...grants].every((grant) => grant.startsWith("read:/home/kim/.aws")), true);
  assertThrows(() => system.network.callOnly?.(["https://sts.amazonaws.com"]), UsageError);
});

pure("the variables that exec sets or takes away are among those that may be touched", async () => {
  const credentials = new Credentials({
    ...{ AccessKeyId: "A", SecretAccessKey: "S", SessionToken: "T" },
    ...{ StartTime: new Date(0), Expiration: new Date(1) },
  });
  const region = "eu-west-1";
  const touched = Object.keys(childVariables({ name: "dev", region, credentials }));
  const { left } = await narrowed(["exec", "--", "aws"]);
  assertEquals(touched.filter((name) => !left("env").includes(name)), []);
});

const someProfiles = "[default]\naws_access_key_id = A\naws_secret_access_key = S\n" +
  ["dev", "qa", "prod"].map((name) =>
    `[profile ${name}]\nrole_arn = arn:aws:iam::123456789012:role/${name}\nsource_profile = default\n`
  ).join("");

for (const command of await commands.all()) {
  pure(`'${command.name}' looks at no variable but those of its needs`, async () => {
    const asked = new Set<string>();
    for (const { line } of command.examples) {
      const words = line.split(" ").slice(line.split(" ").indexOf("stsaval") + 1);
      if (words[0] !== command.name) continue;
      const system = fakeSystem({ files: { "/home/kim/.aws/config": someProfiles } });
      const env = {
        get(name: string) {
          asked.add(name);
          return system.env.get(name);
        },
      };
      // Some go on for ever.
      void main(words, { ...system, env });
      await settle();
    }
    const rows = rowsOf(command.needs, parseArguments(command, []));
    const known = rows.flatMap((row) => row.environment ?? []);
    assertEquals([...asked].filter((name) => !known.includes(name)), []);
  });
}

const loginConfig = `[profile admin]
login_session = arn:aws:sts::012345678910:assumed-role/Admin/admin
[profile One]
role_arn = arn:aws:iam::123456789012:role/One
source_profile = admin
[profile other]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
`;
const loginFiles = { "/home/kim/.aws/config": loginConfig };

pure("the file of an aws login is opened with its lock, wherever its folder is", async () => {
  const name = "4b0ba8f99f075c0633e122fd73346ce203a3faf18ea0310eb2d29df1bab2e255.json";
  for (const folder of ["/var/logins", "/", "/home/kim"]) {
    const env = { AWS_LOGIN_CACHE_DIRECTORY: folder, HOME: "/home/kim" };
    const { left } = await narrowed(["creds", "One"], { files: loginFiles, env });
    const path = `${folder}/${name}`;
    const cache = "/home/kim/.aws/stsaval";
    assertEquals(
      left("write"),
      [path, `${path}.lock`, `${path}.lock.tmp`, `${path}.tmp`, cache].sort(),
    );
  }
});

pure("login runs aws with --aws-login, and no program without it", async () => {
  const facts = { ...released, programs: ["aws", "ls"] };
  const grants = [...compiled.filter((grant) => grant !== "run"), "run:aws", "run:ls"];
  const start = { files: loginFiles, grants, facts };
  assertEquals((await narrowed(["login", "One", "--aws-login"], start)).left("run"), ["aws"]);
  assertEquals((await narrowed(["login", "One", "--no-browser"], start)).left("run"), []);
  assertEquals((await narrowed(["creds", "One"], start)).left("run"), []);
});

pure(
  "login may start a shell for a browser until its first call, and only where one may open",
  async () => {
    const started: (readonly string[] | undefined)[] = [];
    const helper: Helpers["start"] = (_script, words) => {
      started.push(words);
      return openHelper().start("");
    };
    const mayOpen = ["https://oidc.eu-west-1.amazonaws.com/authorize?"];
    const sso = "sso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n";
    const role = "sso_account_id = 123456789012\nsso_role_name = Admin\n";
    const config = `${devRole}[profile sso]\n${sso}${role}[profile half]\n${sso}`;
    const files = { "/home/kim/.aws/config": config };
    for (const name of ["sso", "half"]) {
      const { left, system } = await narrowed(["login", name], { helper, files });
      assertEquals([left("run"), started], [[""], []]);
      system.network.callOnly?.(["https://oidc.eu-west-1.amazonaws.com"], { mayOpen });
      assertEquals([left("run"), started.splice(0)], [[], [mayOpen]]);
    }
    for (const line of ["login sso --device", "login sso --no-browser", "login dev", "creds sso"]) {
      const { left, system } = await narrowed(line.split(" "), { helper, files });
      assertEquals([left("run"), system.browser], [[], undefined], line);
    }
  },
);

pure("a pipe is read while that is allowed, and a file is left to the command", async () => {
  const read: string[] = [];
  const { command, rest } = await commands.resolve(["profiles", "--config-file", "/dev/fd/63"]);
  assert(command !== undefined);
  const system = fakeSystem({ files: { "/dev/fd/63": "", "/home/kim/.aws/credentials": "" } });
  system.files.said.set("/dev/fd/63", { special: true });
  const readText = system.files.readText.bind(system.files);
  system.files.readText = async (path) => {
    await settle();
    read.push(path);
    return await readText(path);
  };
  await narrow(command, parseArguments(command, rest), system, released);
  assertEquals(read, ["/dev/fd/63"]);
});
