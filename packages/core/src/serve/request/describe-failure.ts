import type { IncomingMessage } from 'node:http'
import { stackOf } from '../../errors/thrown.ts'

/** For the log: what an app has thrown, and on which request. Never throws. */
export function describeFailure(
  error: unknown,
  { method, url }: Partial<Pick<IncomingMessage, 'method' | 'url'>>,
): { readonly method: string | undefined; readonly target: string | undefined; readonly stack: string } {
  return { method, target: url, stack: stackOf(error) }
}
