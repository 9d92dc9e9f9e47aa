/**
 * An IP address in its usual form: a socket that is bound to `::` shows IPv4 in IPv6 form (RFC 4291 section 2.5.5.2), and not each end shows
 * its zone.
 */
export function plainAddress(address: string): string {
  // Nearly all have neither, and to look for it costs less than to replace.
  const short = address.charCodeAt(0) === colon ? address.replace(/^::ffff:(?=\d+\.)/i, '') : address
  const zone = short.indexOf('%')
  return zone < 0 ? short : short.slice(0, zone)
}

const colon = ':'.charCodeAt(0)
