/**
 * Seals the globals of a worker and tells what is left of them; in the test's own thread they would be gone for all tests.
 *
 * @module
 */

import { createHmac } from "node:crypto";
import { sealGlobals } from "../../../src/deno/permissions/sealing.ts";

const { process } = globalThis as unknown as { readonly process: object };
const left = () => ({
  worker: typeof Worker,
  builtin: typeof Reflect.get(process, "getBuiltinModule"),
  binding: typeof Reflect.get(process, "binding"),
  internals: typeof Reflect.get(Deno, Reflect.get(Deno, "internal")),
  gpu: typeof Reflect.get(navigator, "gpu"),
});

const before = left();
sealGlobals();
const after = left();
const again = Reflect.defineProperty(globalThis, "Worker", { value: before });
const builtinAgain = Reflect.defineProperty(process, "getBuiltinModule", { value: before });
// What the program still takes from Node reads `process` when it is used.
const digest = createHmac("sha1", "key").update("text").digest("hex");
(globalThis as unknown as Worker).postMessage({ before, after, again, builtinAgain, digest });
