/** Whether owners and modes of files are looked at for what this process obeys: as root alone; Windows has none of this kind. */
export function ownersLookedAt(): 'yes' | 'not root' | 'no owners' {
  const user = process.geteuid?.()
  if (user === undefined) return 'no owners'
  return user === 0 ? 'yes' : 'not root'
}
