/**
 * Objects whose optional fields are left out where there is no value for them.
 *
 * @module
 */

/** The fields of `T`, each of which may be undefined. */
export type Loose<T> = { readonly [Field in keyof T]: T[Field] | undefined };

/** The same object without the fields that are undefined; call it with the type that is wanted. */
export function definedFields<T extends object>(fields: Loose<T>): T {
  const defined: Partial<Loose<T>> = {};
  for (const field in fields) {
    if (fields[field] !== undefined) defined[field] = fields[field];
  }
  return defined as T;
}
