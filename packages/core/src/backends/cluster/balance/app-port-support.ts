import { honoured, refused } from '../../../plan/option-support.ts'
import type { OptionAnswer } from '../../../plan/support-answer.ts'
import { canHoldAddresses } from '../../../platform/net/hold-address.ts'

/** Where the app may open ports itself, on this platform. */
export const appPortSupport: OptionAnswer<'appPorts'> = (value, { platform }) => {
  if (value === null) return honoured('the workers bind nothing')
  return platform !== 'win32' && canHoldAddresses()
    ? honoured('the primary binds them once, and each connection reaches one of the workers')
    : refused(
        'each worker would bind the same port, and only on Linux and macOS can the primary bind it for all of them',
        'Use --backend single, or let each process use a named pipe of its own.',
      )
}
