/**
 * The runtimes that the module is tested on beside Deno, as npm has them.
 *
 * @module
 */

/** A runtime. */
export interface Runtime {
  /** Such as "Node 22". */
  readonly name: string;
  /** The folder of the package, in `node_modules`. */
  readonly folder: string;
  /** The package, with the version that is tested. */
  readonly package: string;
  /** The program in it. */
  readonly program: string;
}

const nodeVersions: readonly string[] = ["22.23.3", "24.22.3"];
const bunVersion = "1.4.5";

/** The runtimes for this machine. */
export function runtimesFor(
  { os, arch }: Pick<typeof Deno.build, "os" | "arch"> = Deno.build,
): readonly Runtime[] {
  const isArm = arch === "aarch64";
  const node = `node-${os === "windows" ? "win" : os}-${isArm ? "arm64" : "x64"}`;
  const bun = `@oven/bun-${os}-${isArm ? "aarch64" : "x64"}`;
  const ending = os === "windows" ? ".exe" : "";
  return [
    ...nodeVersions.map((version) => ({
      name: `Node ${version}`,
      folder: `node-${version.split(".")[0]}`,
      package: `npm:${node}@${version}`,
      program: `bin/node${ending}`,
    })),
    {
      name: `Bun ${bunVersion}`,
      folder: "bun-runtime",
      package: `npm:${bun}@${bunVersion}`,
      program: `bin/bun${ending}`,
    },
  ];
}
