/**
 * Files and folders under a umask: `umask_files.ts FOLDER` makes a file and a lock in folders that are missing.
 *
 * @module
 */

import { denoSystem } from "../../src/deno/system.ts";

const [folder = ""] = Deno.args;
await denoSystem.files.replaceText(`${folder}/one/two/file`, "text");
using _lock = await denoSystem.files.lock(`${folder}/three/file.lock`, "holds it");
