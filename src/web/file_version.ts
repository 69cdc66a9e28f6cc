/**
 * Which file is at a path, and in which state, as one word: for the adapters.
 *
 * @module
 */

/** What the system says of a file; null where it has nothing like it. */
export interface VersionedFile {
  readonly dev: number;
  readonly ino: number | null;
  readonly size: number;
  /** When anything about it changed last, in milliseconds since 1970. */
  readonly changed: number | undefined;
  /** When it was written last, likewise. */
  readonly modified: number | undefined;
}

/**
 * `device:inode:size:changed:written`, as `stat -c` shows them too: whole seconds, since Deno has no more of that time, and
 * seconds with three decimals. Undefined where the system does not tell files apart.
 */
export function fileVersion(
  { dev, ino, size, changed, modified }: VersionedFile,
): string | undefined {
  if (ino === null || changed === undefined || modified === undefined) return undefined;
  return `${dev}:${ino}:${size}:${seconds(changed)}:${seconds(modified)}.${decimals(modified)}`;
}

function seconds(ms: number): number {
  return Math.floor(ms / 1_000);
}

function decimals(ms: number): string {
  return String(Math.floor(ms) - seconds(ms) * 1_000).padStart(3, "0");
}
