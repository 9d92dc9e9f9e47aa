/**
 * What the launcher needs of a schema. zod's own types would lead from our declarations to those of zod, and zod is bundled, so a user
 * does not have them.
 */
export interface ValueSchema<Value, Input> {
  /** Where zod keeps its types. They can be read, and there is nothing else for us in it. */
  readonly _zod: { readonly input: Input; readonly output: Value }
  parse(given: unknown): Value
  safeParse(given: unknown): { readonly success: true; readonly data: Value } | Refused
}

interface Refused {
  readonly success: false
  readonly data?: undefined
}
