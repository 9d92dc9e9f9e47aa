import type { Fault } from '../../errors/launch-error.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { PlannedAddress } from '../../plan/launch-plan.ts'
import { placeAddresses, type Surroundings, unknownNames } from '../../plan/place-addresses.ts'
import { addressFaults } from '../../plan/plan-addresses.ts'
import { formatBindAddress } from '../../platform/net/address/format-bind-address.ts'
import { overlapFaults } from './overlapping-addresses.ts'

/** What is wrong with the addresses of the redirect, by themselves and beside the ones that it leads to. */
export async function redirectFaults(
  { 'tls.redirect': { value, source }, 'tls.redirectPort': port }: ResolvedOptions,
  { addresses, surroundings }: { addresses: readonly PlannedAddress[]; surroundings: Surroundings },
): Promise<readonly Fault[]> {
  if (value === null) return port.value === null ? [] : [portOfNothing(port.source.label)]
  const conflict = (message: string, hint: string): Fault => ({
    code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
    message,
    hint,
    source: source.label,
  })
  const taken = addresses
    .filter((address) => address.kind !== 'tcp' || address.port !== 0)
    .map(formatBindAddress)
  const placed = placeAddresses(value, surroundings)
  const texts = placed.map(formatBindAddress)
  const nowhere =
    port.value === null &&
    addresses.length > 0 &&
    addresses.every(({ kind }) => kind === 'unix' || kind === 'pipe')
  return [
    ...(nowhere
      ? [
          conflict(
            `${source.label} has no port to send clients to: only UNIX domain sockets are bound.`,
            'Name the port that clients know with --tls-redirect-port, or let the proxy before the socket redirect.',
          ),
        ]
      : []),
    ...texts
      .filter(
        (text, index) => taken.includes(text) || (texts.indexOf(text) !== index && !text.endsWith(':0')),
      )
      .map((text) =>
        conflict(`The address ${text} is given twice, once by ${source.label}.`, 'Leave one of them out.'),
      ),
    ...(await overlapFaults(placed, { beside: addresses, source: source.label })),
    ...unknownNames(value, { ...surroundings, source: source.label }),
    ...(await Promise.all(placed.map((address) => addressFaults(address, source.label)))).flat(),
  ]
}

function portOfNothing(source: string): Fault {
  return {
    code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
    message: `${source} would have no effect: nothing is redirected.`,
    hint: 'Set --tls-redirect, or leave it out.',
    source,
  }
}
