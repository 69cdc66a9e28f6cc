import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../src/errors.ts";
import { caFiles, checkProxies, Connection } from "../../src/session/connection.ts";
import type { FetchOptions } from "../../src/system.ts";
import { MemoryFiles } from "../fake_system.ts";

function pure(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

const environment = (values: Readonly<Record<string, string>>) => ({
  get: (name: string) => values[name],
});

pure("AWS_CA_BUNDLE comes before ca_bundle, and that before SSL_CERT_FILE", () => {
  const env = { HOME: "/h", AWS_CA_BUNDLE: "~/a.pem", SSL_CERT_FILE: "/s.pem" };
  assertEquals(caFiles(environment(env), ["/p.pem"]), ["/h/a.pem"]);
  assertEquals(caFiles(environment({ SSL_CERT_FILE: "/s.pem" }), ["/p", "/q", "/p"]), ["/p", "/q"]);
  assertEquals(caFiles(environment({ SSL_CERT_FILE: "/s.pem" }), []), ["/s.pem"]);
  assertEquals(caFiles(environment({}), []), []);
});

const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

/** A connection, and the options of its calls. */
function connect(env: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>) {
  const calls: (FetchOptions | undefined)[] = [];
  const connection = new Connection({
    env: environment(env),
    files: new MemoryFiles(files),
    network: {
      fetch(_request, options) {
        calls.push(options);
        return Promise.resolve(new Response());
      },
    },
  });
  return { connection, calls };
}

pure("the calls trust what was read", async () => {
  const { connection, calls } = connect({ AWS_CA_BUNDLE: "/ca.pem" }, { "/ca.pem": pem });
  await connection.prepare([]);
  await connection.network.fetch(new Request("https://sts.example.com"));
  assertEquals(calls, [{ caCerts: [pem] }]);
});

for (
  const [what, files, why] of [
    ["does not exist", {}, "there is no such file"],
    ["holds a key", { "/ca.pem": "-----BEGIN PRIVATE KEY-----" }, "it holds no certificate"],
  ] as const
) {
  pure(`a bundle that ${what} is an error, and is not quoted`, async () => {
    const { connection } = connect({}, files);
    const error = await assertRejects(() => connection.prepare(["/ca.pem"]), UsageError);
    assertStringIncludes(error.message, `Cannot read the CA certificates in "/ca.pem": ${why}`);
    assertEquals(error.message.includes("PRIVATE"), false);
  });
}

for (
  const proxy of [
    "http://proxy.example.com:3128",
    "proxy.example.com:3128",
    "http://kim:pa%20ss@proxy.example.com/",
    "https://[::1]:3128",
    "socks5://127.0.0.1:1080",
    "socks5h://proxy",
  ]
) {
  pure(`${proxy} is a proxy`, () => {
    for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY"]) {
      checkProxies(environment({ [name]: proxy }));
    }
  });
}

for (
  const [proxy, shown] of [
    ["not a url", "not a url"],
    ["http://", "http://"],
    ["socks5://", "socks5://"],
    ["ftp://proxy:21", "ftp://proxy:21"],
    ["http://kim:S3cret@proxy:99999", "http://***@proxy:99999"],
    ["kim:S3cret@pro xy", "***@pro xy"],
    ["http://proxy:3128/path?x", "http://proxy:3128/path?x"],
    ["http://proxy\nS3cret", "http://proxy…"],
  ] as const
) {
  pure(`${JSON.stringify(proxy)} is no proxy, and no password is shown`, () => {
    for (const name of ["HTTPS_PROXY", "http_proxy"]) {
      const error = assertThrows(() => checkProxies(environment({ [name]: proxy })), UsageError);
      assertStringIncludes(error.message, `Cannot use the proxy "${shown}" of ${name}: wanted`);
    }
  });
}

pure("NO_PROXY is a list of hosts", () => {
  const good =
    "localhost, 127.0.0.1,.example.com,*.internal,10.0.0.0/8,[::1],fd00::/8,host:8080,,*";
  checkProxies(environment({ NO_PROXY: good, no_proxy: "" }));
  for (const wrong of ["http://host", "a b", "10.0.0.0/8/8", "host;other"]) {
    const error = assertThrows(
      () => checkProxies(environment({ no_proxy: `ok,${wrong}` })),
      UsageError,
    );
    assertStringIncludes(error.message, `Cannot use "${wrong}" of no_proxy: wanted`);
  }
});

pure(
  "each variable is looked at, and the first item that is no host is named without its blanks",
  () => {
    for (
      const name of [
        "HTTPS_PROXY",
        "https_proxy",
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
      ]
    ) {
      const error = assertThrows(
        () => checkProxies(environment({ [name]: "ftp://x" })),
        UsageError,
      );
      assertEquals(
        error.message,
        `Cannot use the proxy "ftp://x" of ${name}: wanted a URL such as http://proxy.example.com:3128`,
      );
    }
    for (const name of ["NO_PROXY", "no_proxy"]) {
      const error = assertThrows(
        () => checkProxies(environment({ [name]: "ok, a b ,c d" })),
        UsageError,
      );
      assertEquals(
        error.message,
        `Cannot use "a b" of ${name}: wanted host names or addresses with commas between them`,
      );
    }
  },
);

pure(
  "proxies are checked before a file of certificates is read, and no file is read without one",
  async () => {
    const { connection } = connect({ HTTPS_PROXY: "ftp://x", AWS_CA_BUNDLE: "/none.pem" }, {});
    await assertRejects(() => connection.prepare([]), UsageError, "Cannot use the proxy");
    const plain = connect({}, {});
    await plain.connection.prepare([]);
    await plain.connection.network.fetch(new Request("https://sts.example.com"));
    assertEquals(plain.calls, [{ caCerts: [] }]);
    const unreadable = connect({}, {});
    const error = await assertRejects(() => unreadable.connection.prepare(["/a.pem"]), UsageError);
    assertEquals(
      error.hint,
      "it is named by AWS_CA_BUNDLE, ca_bundle of the profile, or SSL_CERT_FILE",
    );
    const two = connect({}, { "/a.pem": pem, "/b.pem": `${pem}b` });
    await two.connection.prepare(["/a.pem", "/b.pem"]);
    await two.connection.network.fetch(new Request("https://sts.example.com"));
    assertEquals(two.calls, [{ caCerts: [pem, `${pem}b`] }]);
  },
);
