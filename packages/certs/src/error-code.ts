/**
 * The code of a system error, such as `ENOENT`. Without `instanceof Error`: in Jest and in the VM pools of Vitest, Node's errors are made
 * by another `Error` than the one that this module sees.
 */
export function errorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
