import { expect, it } from 'vitest'
import { tellAcceptErrors } from '../../src/backends/tell-accept-errors.ts'
import type { Logger } from '../../src/log/logger.ts'
import { listenOnAll } from '../../src/platform/net/listen.ts'
import { closeListeners } from '../../src/platform/net/listener.ts'

it('a failure to accept a connection is logged at most once a second and stops nothing', async () => {
  const told: unknown[] = []
  const log = {
    error: (message: string, fields: unknown) => told.push([message, fields]),
  } as unknown as Logger
  const listeners = await listenOnAll([{ kind: 'tcp', host: '127.0.0.1', port: 0, mayMove: false }], {
    backlog: 1,
    pauseOnConnect: true,
    onConnection: (socket) => socket.destroy(),
    onAcceptError: tellAcceptErrors(log),
  })
  // As Node does when accept(2) fails.
  for (let count = 0; count < 3; count += 1) listeners[0]?.server.emit('error', new Error('accept ENOMEM'))
  expect(told).toEqual([['connections cannot be accepted', { reason: 'accept ENOMEM' }]])
  closeListeners(listeners)
})
