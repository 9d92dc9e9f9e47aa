/** What stands where a person goes on. A test fails while one is left in the sources. */
export const marker = 'FILL IN'

export function fillIn(what) {
  return `${marker}: ${what}`
}
