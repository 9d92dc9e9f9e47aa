type Answer = { end(text: string): void }

/** Two apps in one module: the one that is named has to be served. */
export default function first(_: unknown, response: Answer): void {
  response.end('default')
}

export const second = (_: unknown, response: Answer): void => response.end('second')
