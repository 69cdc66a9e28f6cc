import { assertEquals } from "@std/assert";

Deno.test("sealGlobals() removes what leads round permissions, and nothing puts it back", async () => {
  const url = import.meta.resolve("./sealed_worker.ts");
  const worker = new Worker(url, { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  worker.onmessage = ({ data }: MessageEvent) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  try {
    assertEquals(await promise, {
      before: {
        worker: "function",
        builtin: "function",
        binding: "function",
        internals: "object",
        gpu: "object",
      },
      after: {
        worker: "undefined",
        builtin: "undefined",
        binding: "undefined",
        internals: "undefined",
        gpu: "undefined",
      },
      again: false,
      builtinAgain: false,
      digest: "369e2959eb49450338b212748f77d8ded74847bb",
    });
  } finally {
    worker.terminate();
  }
});
