/**
 * The AWS SDK as the compiled program holds it: the SDK's own edition for browsers, and of that what the program uses.
 * It needs no module of Node and reads no variable. Deno's bundler does not read the `browser` fields of packages, so
 * esbuild does this part.
 *
 * @module
 */

import type { Metafile, OutputFile, Plugin } from "esbuild";

/** The package, by its name in `deno.json`. */
export const sdkPackage = "@aws-sdk/client-sts";

/** What the program uses; the bundler leaves out the rest. */
export const sdkParts: readonly string[] = [
  "AssumeRoleCommand",
  "AssumeRoleWithWebIdentityCommand",
  "GetCallerIdentityCommand",
  "GetScopedCredentialsCommand",
  "GetSessionTokenCommand",
  "STSClient",
];

/**
 * One part of that edition does not fit: it reads XML with a browser's `DOMParser`. The package's other parser needs
 * nothing, and what is plain enough is read before it comes to that.
 */
const ownXmlParser = (folder: string): Plugin => ({
  name: "own-xml-parser",
  setup(bundler) {
    const namespace = "xml";
    // The name gets into the text: it holds nothing of the folder, whose own name is another for each build.
    bundler.onResolve(
      { filter: /^\.\/xml-parser$/ },
      ({ resolveDir }) => ({ path: "xml-parser", namespace, pluginData: resolveDir }),
    );
    bundler.onLoad({ filter: /./, namespace }, ({ pluginData: resolveDir }) => ({
      contents: `import { parseXML as parseAll } from "./xml-parser.js";
import { readPlainXml } from ${JSON.stringify(`${folder}/src/sts/xml/plain_xml.ts`)};
export const parseXML = (text) => readPlainXml(text) ?? parseAll(text);`,
      resolveDir,
    }));
  },
});

/**
 * What the SDK would load only for other services, or for a user agent that the program does not use. As long as it is
 * part of the bundle, every module is a function that is called when it is first needed, and nothing is left out.
 */
const unusedParts = /^(?:@smithy\/core\/event-streams|bowser)$/;

const withoutUnusedParts: Plugin = {
  name: "without-unused-parts",
  setup(bundler) {
    const namespace = "unused";
    bundler.onResolve(
      { filter: unusedParts },
      ({ kind, path }) => kind === "dynamic-import" ? { path, namespace } : undefined,
    );
    bundler.onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is no part of this edition`)});`,
    }));
  },
};

/** The edition as one module. */
export interface SdkEdition {
  readonly text: string;
  /** The files that code was taken from, by their paths from the folder. */
  readonly sources: readonly string[];
}

/**
 * Bundles the SDK. Its packages are those that the lock file of the folder pins.
 *
 * @throws {Error} when they cannot be fetched or bundled, or when a module of Node is still among them
 */
export async function bundleSdk(folder: string): Promise<SdkEdition> {
  await installPackages(folder);
  // Only what compiles needs its permissions.
  const { build, stop } = await import("esbuild");
  const contents = `export { ${sdkParts.join(", ")} } from "${sdkPackage}";`;
  const resolveDir = await Deno.realPath(folder);
  try {
    const { outputFiles, metafile } = await build({
      stdin: { contents, resolveDir, loader: "js" },
      // The text names the files from here: the folder's own name is another for each build.
      absWorkingDir: resolveDir,
      ...{ bundle: true, format: "esm", platform: "browser", target: "es2022" },
      mainFields: ["browser", "module", "main"],
      plugins: [ownXmlParser(resolveDir), withoutUnusedParts],
      metafile: true,
      write: false,
      logLevel: "silent",
    });
    return { text: textOf(outputFiles, resolveDir), sources: sourcesOf(metafile) };
  } finally {
    await stop();
    await Deno.remove(`${folder}/node_modules`, { recursive: true });
  }
}

function sourcesOf({ outputs }: Metafile): readonly string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return used.map(([path]) => path).filter((path) =>
    path !== "<stdin>" && !/^(?:unused|xml):/.test(path)
  );
}

function textOf([file]: readonly OutputFile[], folder: string): string {
  const text = file?.text ?? "";
  // Its name is another one for each build, and would make another program.
  if (text.includes(folder)) {
    throw new Error(
      "Cannot use the AWS SDK's edition for browsers: it names the folder it was made in",
    );
  }
  // esbuild's helper for modules that are loaded late: with it, nothing that is unused is left out.
  const [leftover] = /\bnode:\w+|\bDOMParser\b|\b__esm\b/.exec(text) ?? [];
  if (text !== "" && leftover === undefined) return text;
  throw new Error(`Cannot use the AWS SDK's edition for browsers: found ${leftover ?? "nothing"}`);
}

/** The packages of the program alone: what only tests load need not be in the lock file. */
async function installPackages(folder: string): Promise<void> {
  const install = ["install", "--quiet", "--frozen", "--node-modules-dir=auto"];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...install, "--entrypoint", "mod.ts", "cli.ts"],
    cwd: folder,
  }).output();
  if (success) return;
  const why = new TextDecoder().decode(stderr).trim();
  throw new Error(`Cannot get the packages of deno.lock: ${why}`);
}
