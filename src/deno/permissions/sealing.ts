/**
 * What leads round the table of needs: it asks for no permission, or gives modules that the import map of the compiled
 * program closes. It is removed for good, before code of other projects is loaded.
 *
 * - `Worker`: a worker has these globals anew.
 * - `process.getBuiltinModule` and its like: they give `node:sqlite`, whose temporary files lie where SQL says, and
 *   `createRequire`, which reads modules from the disk. `process` itself stays: `node:crypto` reads it.
 * - Deno's internals: they hold `process` too, and load CommonJS modules from the disk.
 * - `navigator.gpu`: it reaches the driver.
 *
 * @module
 */

/** Removes it from this program. */
export function sealGlobals(): void {
  const { process } = globalThis as typeof globalThis & { readonly process?: object };
  for (const name of ["getBuiltinModule", "binding", "mainModule"]) removeFrom(process, name);
  removeFrom(Deno, Reflect.get(Deno, "internal"));
  removeFrom(globalThis, "Worker");
  removeFrom(navigator, "gpu");
  removeFrom(Object.getPrototypeOf(navigator), "gpu");
}

/** Leaves a property that nothing can set again. */
function removeFrom(owner: object | undefined, name: PropertyKey): void {
  if (owner === undefined || !Reflect.has(owner, name)) return;
  const done = Reflect.defineProperty(owner, name, {
    ...{ value: undefined, writable: false, enumerable: false, configurable: false },
  });
  if (!done) throw new Error(`Cannot remove ${String(name)}: Deno fixes it`);
}
