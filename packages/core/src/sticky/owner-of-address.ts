/**
 * Picks the same one of several owners for the same address, by rendezvous hashing (Thaler and Ravishankar, 1998): when an owner goes, only its addresses get
 * another one. `null`: there is none. Clients can choose an address only among their own, so that the hash need not be a secret.
 */
export function ownerOfAddress<Owner extends { readonly worker: number }>(
  address: string,
  owners: readonly Owner[],
): Owner | null {
  const seed = hashOf(address)
  let best: Owner | null = null
  let highest = -1
  for (const owner of owners) {
    const weight = mixed(seed ^ Math.imul(owner.worker, 0x9e3779b1))
    if (weight > highest) {
      best = owner
      highest = weight
    }
  }
  return best
}

/** FNV-1a with 32 bits (RFC 9923). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

/** The last steps of MurmurHash3: each bit of the result depends on each bit of the value. */
function mixed(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
