/**
 * Objects without undefined fields.
 *
 * @module
 */

/** The fields of `T`, each of which may be undefined. */
export type Loose<T> = { readonly [Field in keyof T]: T[Field] | undefined };

/** The same object without its undefined fields; pass the wanted type as the type argument. */
export function definedFields<T extends object>(fields: Loose<T>): T {
  const defined: Partial<Loose<T>> = {};
  for (const field in fields) {
    if (fields[field] !== undefined) defined[field] = fields[field];
  }
  return defined as T;
}
