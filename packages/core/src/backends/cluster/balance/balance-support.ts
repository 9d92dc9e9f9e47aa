import { honoured, refused } from '../../../plan/option-support.ts'
import type { OptionAnswer } from '../../../plan/support-answer.ts'
import { canHoldAddresses } from '../../../platform/net/hold-address.ts'

/** What of `balance` this platform can do. */
export const balanceSupport: OptionAnswer<'balance'> = (value, { platform }) => {
  const cure = 'Use --balance round-robin, or leave it to auto.'
  switch (value) {
    case 'auto':
    case 'round-robin':
      return honoured('the primary hands over, or the workers accept')
    case 'shared':
      if (platform === 'win32')
        return refused('Windows sends most connections of a shared socket to a few processes', cure)
      break
    case 'reuse-port':
      if (platform !== 'linux')
        return refused('only Linux spreads the connections of one port over several sockets', cure)
      break
  }
  return canHoldAddresses()
    ? honoured('the primary holds the sockets, the workers accept')
    : refused('this runtime cannot bind a socket without accepting on it', cure)
}
