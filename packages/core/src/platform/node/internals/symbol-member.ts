/**
 * What an object of Node keeps under a symbol with this description. A trick: such members are private to Node, and some settings of a server can be
 * read nowhere else. `undefined` when there is none, so a setting that Node has renamed counts as not set: the canary test names them.
 */
export function symbolMember(holder: object, description: string): unknown {
  const symbol = Object.getOwnPropertySymbols(holder).find((one) => one.description === description)
  return symbol && (holder as Record<symbol, unknown>)[symbol]
}
