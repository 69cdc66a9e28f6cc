/**
 * Reads the few fields of IAM's responses that are wanted.
 *
 * @module
 */

/** The members of the list in a response. */
export function members(xml: string): readonly string[] {
  return [...xml.matchAll(/<member>(.*?)<\/member>/gs)].map(([, member = ""]) => member);
}

/** The text of the first element of that name: a word, an ARN, a date, or a secret in base64. */
export function textOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*([\\w:.+/=-]{1,128})\\s*</${name}>`).exec(xml)?.[1];
}
