/** Takes variables out of the environment of this process, so that no app and no child reads them. Disposing puts them back. */
export function consumeVariables(names: readonly string[]): Disposable {
  const taken = names.flatMap((name): [string, string][] => {
    const value = process.env[name]
    delete process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  return {
    [Symbol.dispose]() {
      for (const [name, value] of taken.splice(0)) process.env[name] = value
    },
  }
}
