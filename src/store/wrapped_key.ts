/**
 * A key that is wrapped with another secret: AES-256-GCM under a key that HKDF makes of an age identity, which has 256
 * bits of entropy.
 *
 * @module
 */

const nonceBytes = 12;
const purpose = new TextEncoder().encode("stsaval cache key 1");

/** The key, wrapped; `nonce` is 12 random bytes. */
export async function wrapKey(
  key: string,
  identity: string,
  nonce: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: purpose };
  const wrapping = await wrappingKey(identity, "encrypt");
  const data = await crypto.subtle.encrypt(algorithm, wrapping, new TextEncoder().encode(key));
  const bytes = [...nonce, ...new Uint8Array(data)];
  return btoa(bytes.map((byte) => String.fromCharCode(byte)).join(""));
}

/** The key; undefined where another identity wrapped it, or the text is no wrapped key. */
export async function unwrapKey(text: string, identity: string): Promise<string | undefined> {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const iv = bytes.slice(0, nonceBytes);
    const algorithm = { name: "AES-GCM", iv, additionalData: purpose };
    const wrapping = await wrappingKey(identity, "decrypt");
    const key = await crypto.subtle.decrypt(algorithm, wrapping, bytes.slice(nonceBytes));
    return new TextDecoder().decode(key);
  } catch {
    return undefined;
  }
}

async function wrappingKey(identity: string, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  const secret = new TextEncoder().encode(identity.trim());
  const source = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: purpose };
  const wanted = { name: "AES-GCM", length: 256 };
  return await crypto.subtle.deriveKey(derivation, source, wanted, false, [use]);
}
