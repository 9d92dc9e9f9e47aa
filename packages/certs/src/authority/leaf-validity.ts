import type { X509Certificate } from 'node:crypto'

const dayMs = 86_400_000
/** A clock that is a little behind must not make a fresh certificate invalid. */
const clockSkewMs = 300_000

/** The longest validity of a leaf that users make for themselves, in days. Public CAs with automatic renewal have the same. */
export const longestLeafDays = 90

/** The validity of a leaf that is made now, for this many days in all. */
export function leafValidity({ now, days }: { now: Date; days: number }): {
  notBefore: Date
  notAfter: Date
} {
  const notBefore = new Date(now.getTime() - clockSkewMs)
  return { notBefore, notAfter: new Date(notBefore.getTime() + days * dayMs) }
}

/** When a third of a certificate's life is left, which is when ACME clients renew too: one failure is then no outage. */
export function renewalDate({
  validFromDate,
  validToDate,
}: Pick<X509Certificate, 'validFromDate' | 'validToDate'>): Date {
  const lifetimeMs = validToDate.getTime() - validFromDate.getTime()
  return new Date(validToDate.getTime() - lifetimeMs / 3)
}
