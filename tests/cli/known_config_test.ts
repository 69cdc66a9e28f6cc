import { assertEquals, assertStrictEquals } from "@std/assert";
import { loadConfig } from "../../src/config/load.ts";
import type { Invocation } from "../../src/cli/command.ts";
import { globalOptions } from "../../src/cli/options.ts";
import { configSystem, knownConfig } from "../../src/cli/known_config.ts";
import { parseArguments } from "../../src/cli/parse/parse.ts";
import { configOptions } from "../../src/session/plan_settings.ts";
import { coreSettings } from "../../src/cli/core_settings.ts";
import { processRecord } from "../../src/cli/commands/shared/process_record.ts";
import { Desk } from "./desk.ts";

Deno.test({
  name: "what a command names its profiles by, and what their plans are made of, is parsed once",
  permissions: "none",
  async fn() {
    const { system } = new Desk();
    const options = [...processRecord.options, ...globalOptions];
    const given = parseArguments({ name: "process", options }, []);
    // The parts that say where the configuration is.
    const invocation = { arguments: given, system } as unknown as Invocation;
    const known = await knownConfig(invocation);
    const planned = await loadConfig(
      configSystem(invocation),
      configOptions(coreSettings(given)),
    );
    assertEquals(known.profiles.size > 0, true);
    assertStrictEquals(planned.profiles, known.profiles);
  },
});
