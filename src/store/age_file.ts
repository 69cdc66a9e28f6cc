/**
 * Sealing and opening in the age format (https://age-encryption.org/v1), so that the `age` program reads it too. What
 * does it is loaded here alone, and only where something is sealed or opened.
 *
 * @module
 */

/** What opens a file: an identity of age, or a passphrase. */
export type AgeKey =
  | { readonly kind: "identity"; readonly identities: readonly string[] }
  | { readonly kind: "passphrase"; readonly passphrase: string };

/** Why a file cannot be opened. */
export class AgeFault extends Error {
  /** `key`: not by this key; `kind`: by the other kind of key alone; `format`: by a newer program; `torn`: never. */
  readonly kind: "key" | "kind" | "format" | "torn";

  /** The message goes on from the name of the file: `is no file of age`. */
  constructor(kind: AgeFault["kind"], message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

/**
 * The work of a passphrase: 2^15. Measured in 2026 on a shared core: 0.5 to 0.7 s, once in a session, where age's own
 * 2^18 takes 4 s.
 */
const scryptLogN = 15;

const armorStart = "-----BEGIN AGE ENCRYPTED FILE-----";
const magic = "age-encryption.org/";
const version = "age-encryption.org/v1\n";
const headerLength = 16_384;

/** A new identity of age: `AGE-SECRET-KEY-1…`. */
export async function newIdentity(): Promise<string> {
  const { generateX25519Identity } = await import("age-encryption");
  return await generateX25519Identity();
}

/** Whether a text is an identity that can seal and open. */
export function isIdentity(text: string): boolean {
  return /^AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+$/.test(text);
}

/** The text, sealed, as ASCII armor. `logN` is the work of a passphrase. */
export async function sealText(
  content: string,
  key: AgeKey,
  logN: number = scryptLogN,
): Promise<string> {
  const { armor, Encrypter, identityToRecipient } = await import("age-encryption");
  const encrypter = new Encrypter();
  if (key.kind === "passphrase") {
    encrypter.setScryptWorkFactor(logN);
    encrypter.setPassphrase(key.passphrase);
  } else {
    for (const identity of key.identities) {
      encrypter.addRecipient(await identityToRecipient(identity));
    }
  }
  return `${armor.encode(await encrypter.encrypt(content)).trimEnd()}\n`;
}

/**
 * What a file holds, binary or armored.
 *
 * @throws {AgeFault} when this key does not open it, or no key can
 */
export async function openText(file: Uint8Array, key: AgeKey): Promise<string> {
  const bytes = await bytesOf(file);
  const wanted = await keyKindOf(file);
  if (wanted !== key.kind) {
    throw new AgeFault(
      "kind",
      `is sealed with ${keyWords[wanted]}, not with ${keyWords[key.kind]}`,
    );
  }
  const { Decrypter } = await import("age-encryption");
  const decrypter = new Decrypter();
  try {
    if (key.kind === "passphrase") decrypter.addPassphrase(key.passphrase);
    else for (const identity of key.identities) decrypter.addIdentity(identity);
    return await decrypter.decrypt(bytes, "text");
  } catch (error) {
    if (error instanceof Error && error.message.includes("no identity matched")) {
      throw new AgeFault("key", `is sealed with another ${key.kind}`, error);
    }
    throw new AgeFault("torn", "is damaged", error);
  }
}

/** The kinds of keys, in words. */
const keyWords = { passphrase: "a passphrase", identity: "an identity" } as const;

/**
 * Which kind of key opens a file.
 *
 * @throws {AgeFault} when it is no file of age, or of another version
 */
export async function keyKindOf(file: Uint8Array): Promise<AgeKey["kind"]> {
  const bytes = await bytesOf(file);
  const header = new TextDecoder().decode(bytes.subarray(0, headerLength));
  if (!header.startsWith(magic)) throw new AgeFault("torn", "is no file of age");
  if (!header.startsWith(version)) {
    const found = header.slice(magic.length).split("\n", 1)[0]?.replace(/[^\w.-]/g, "").slice(
      0,
      20,
    );
    throw new AgeFault("format", `is of version "${found}" of the age format, wanted v1`);
  }
  return /^-> scrypt /m.test(header.split("\n---")[0] ?? "") ? "passphrase" : "identity";
}

async function bytesOf(file: Uint8Array): Promise<Uint8Array> {
  const text = new TextDecoder().decode(file.subarray(0, 200)).trimStart();
  if (!text.startsWith(armorStart)) return file;
  const { armor } = await import("age-encryption");
  try {
    return armor.decode(new TextDecoder().decode(file));
  } catch (error) {
    throw new AgeFault("torn", "is damaged", error);
  }
}
