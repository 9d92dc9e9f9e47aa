/**
 * What can be read from a thrown value. `instanceof Error` would miss errors of another realm: in Jest and in the VM pools of Vitest, the
 * errors that Node throws are made by another `Error` than the one that this module sees. And an app may throw any value.
 */

/** The code of a system error or of Node, such as `ENOENT`; empty when there is none. */
export function codeOf(thrown: unknown): string {
  const code = read(thrown, 'code')
  return typeof code === 'string' ? code : ''
}

/** The class of an error, such as `SyntaxError`; empty when there is none. */
export function nameOf(thrown: unknown): string {
  const name = read(thrown, 'name')
  return typeof name === 'string' ? name : ''
}

/** What it says, without its class. */
export function messageOf(thrown: unknown): string {
  const message = read(thrown, 'message')
  return typeof message === 'string' ? message : textOf(thrown)
}

/** Its class and what it says, in one line. Lines of Node's own messages are sentences without a full stop. */
export function headlineOf(thrown: unknown): string {
  const name = nameOf(thrown)
  return `${name === '' ? '' : `${name}: `}${messageOf(thrown)}`
    .replaceAll(/(?<=[^\s.!?:,;])\s*\n\s*(?=[A-Z])/g, '. ')
    .replaceAll(/\s+/g, ' ')
}

/** Its stack, or what it says when it has none. */
export function stackOf(thrown: unknown): string {
  const stack = read(thrown, 'stack')
  return typeof stack === 'string' ? stack : textOf(thrown)
}

/** Whether it has what an error has, wherever it was made. */
export function isErrorLike(thrown: unknown): thrown is Error {
  return typeof read(thrown, 'message') === 'string' && typeof read(thrown, 'name') === 'string'
}

/** A getter or a proxy may throw in its turn. */
function read(thrown: unknown, property: string): unknown {
  if (typeof thrown !== 'object' || thrown === null) return undefined
  try {
    return (thrown as Record<string, unknown>)[property]
  } catch {
    return undefined
  }
}

/** `String()` fails for an object without a prototype. An `import` of `node:util` would load 3 MB: see `platform/node/node-util.ts`. */
function textOf(thrown: unknown): string {
  try {
    return typeof thrown === 'object' && thrown !== null
      ? process
          .getBuiltinModule('node:util')
          .inspect(thrown, { depth: 1, breakLength: Number.POSITIVE_INFINITY })
      : String(thrown)
  } catch {
    return 'a value that cannot be shown'
  }
}
