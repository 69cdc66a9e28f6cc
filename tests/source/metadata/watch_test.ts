import { assert, assertEquals } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { containerPath } from "../../../src/testing/mod.ts";
import { onTop, rolesOn, startMachine } from "./fixtures.ts";

const minute = 60_000;
const tokenFile = "/run/token";

const kinds = {
  container: {
    operation: "GetContainerCredentials",
    source: "EcsContainer",
    env: {
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: containerPath,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
    },
  },
  instance: {
    operation: "GetMetadataCredentials",
    source: "Ec2InstanceMetadata",
    env: {},
  },
} as const;

for (const kind of ["container", "instance"] as const) {
  const { operation, source, env } = kinds[kind];
  for (const sessionSeconds of [900, 3_600, 21_600]) {
    const lives = `credentials of ${sessionSeconds / 60} minutes`;
    Deno.test(`watch renews three roles on top of the ${kind}, which has ${lives}`, async () => {
      const at = startMachine(kind, {
        config: rolesOn(source),
        env,
        files: { [tokenFile]: "first" },
        machine: { sessionSeconds },
      });
      const { clock, files, terminal } = at.system;
      const words = ["watch", "--profiles", onTop.join(","), "--lifetime", "3h", "--json"];
      const running = main(words, at.system);
      await clock.advance(50 * minute);
      files.contents.set(tokenFile, "second");
      await clock.advance(131 * minute);
      assertEquals([await running, terminal.stderr.includes("ail")], [0, false]);
      const events = terminal.stdout.trim().split("\n").map((line) => JSON.parse(line));
      for (const name of onTop) {
        const renewals = events.filter((event) =>
          event.type === "refresh" && event.profile === name
        );
        assert(renewals.length >= 2, terminal.stdout);
      }
      // Each AssumeRole is signed with keys that still live, and the machine is not asked more than they end.
      assertEquals(at.emulator.count("AssumeRole"), at.emulator.count("AssumeRole", "ok"));
      const most = 2 + 3 * 3_600 / (sessionSeconds / 2);
      const count = at.emulator.count(operation, "ok");
      assert(count >= (sessionSeconds < 10_000 ? 2 : 1) && count <= most, `${count} of ${most}`);
      const tokens = at.headers.flatMap((headers) => headers.get("authorization") ?? []);
      const sent = tokens.filter((token) => token === "first" || token === "second");
      const isReread = kind === "container" && sessionSeconds < 10_000;
      assertEquals(new Set(sent).size, kind === "container" ? isReread ? 2 : 1 : 0);
    });
  }
}
