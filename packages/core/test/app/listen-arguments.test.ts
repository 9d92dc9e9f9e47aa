import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../../../test/support/failed-launch.ts'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { readListenCall } from '../../src/app/listen/asked-listen.ts'
import { untilSaidReady } from '../../src/app/load-app.ts'

const free = await freePort()
const path = `${temporaryFolder()}/app.sock`
const nothing = (): void => undefined

const calls: readonly { readonly what: string; readonly args: readonly unknown[] }[] = [
  { what: 'listen()', args: [] },
  { what: 'listen(undefined)', args: [undefined] },
  { what: 'listen(null)', args: [null] },
  { what: 'listen(callback)', args: [nothing] },
  { what: 'listen(null, callback)', args: [null, nothing] },
  { what: 'listen(port)', args: [free] },
  { what: 'listen(port) of text', args: [String(free)] },
  { what: 'listen(port) of hexadecimal text', args: [`0x${free.toString(16)}`] },
  { what: 'listen(port, host)', args: [free, '127.0.0.1'] },
  { what: 'listen(port, empty host)', args: [free, ''] },
  { what: 'listen(port, undefined, backlog)', args: [free, undefined, 5] },
  { what: "listen('70000')", args: ['70000'] },
  { what: 'listen(70000)', args: [70_000] },
  { what: "listen('1.5')", args: ['1.5'] },
  { what: 'listen(-1)', args: [-1] },
  { what: "listen('Infinity')", args: ['Infinity'] },
  { what: "listen('')", args: [''] },
  { what: "listen(' ')", args: [' '] },
  { what: 'listen(true)', args: [true] },
  { what: 'listen(3000n)', args: [3000n] },
  { what: 'listen(path)', args: [path] },
  { what: 'listen({})', args: [{}] },
  { what: 'listen({ port })', args: [{ port: free }] },
  { what: 'listen({ port: undefined })', args: [{ port: undefined }] },
  { what: 'listen({ port: null })', args: [{ port: null }] },
  { what: 'listen({ port: true })', args: [{ port: true }] },
  { what: "listen({ port: '70000' })", args: [{ port: '70000' }] },
  { what: 'listen({ port, host: undefined })', args: [{ port: free, host: undefined }] },
  { what: 'listen({ port, host: 5 })', args: [{ port: free, host: 5 }] },
  { what: 'listen({ port, path })', args: [{ port: free, path }] },
  { what: 'listen({ port: undefined, path })', args: [{ port: undefined, path }] },
  { what: 'listen({ path })', args: [{ path }] },
  { what: "listen({ path: '' })", args: [{ path: '' }] },
  { what: "listen({ path: '3000' })", args: [{ path: '3000' }] },
  { what: 'listen({ path: 5 })', args: [{ path: 5 }] },
  { what: 'listen({ host })', args: [{ host: '127.0.0.1' }] },
  { what: 'listen({ fd: -1 })', args: [{ fd: -1 }] },
  { what: 'listen({ handle: undefined, port })', args: [{ handle: undefined, port: free }] },
  { what: 'listen({ port, signal: null })', args: [{ port: free, signal: null }] },
  { what: 'listen({ port, signal: undefined })', args: [{ port: free, signal: undefined }] },
]

/** Where Node listens; `null`: it refuses the call. */
async function ofNode(args: readonly unknown[]): Promise<{ kind: string; at: unknown; host: string } | null> {
  const server = createServer()
  try {
    ;(server.listen as (...given: unknown[]) => Server)(...args)
  } catch {
    return null
  }
  if (!server.listening) await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address === 'string') return { kind: 'unix', at: address, host: '' }
  return { kind: 'tcp', at: address?.port, host: address?.address ?? '' }
}

describe('the arguments of listen() are read as Node reads them', () => {
  it.skipIf(process.platform === 'win32').each(calls)('$what', async ({ args }) => {
    // First, since Node writes into the options.
    const read = readListenCall(args)
    const real = await ofNode(args)
    if (!real || !read) return expect(read).toBe(real)
    const { address } = read.asked
    expect(address.kind).toBe(real.kind)
    if (address.kind === 'unix') expect(address.path).toBe(real.at)
    // A free port is another one each time.
    if (address.kind === 'tcp' && address.port !== 0) expect(address.port).toBe(real.at)
    if (address.kind === 'tcp') expect(address.host ?? 'every').toBe(address.host ? real.host : 'every')
  })

  it.each([
    { what: 'the option before the argument', args: [{ port: 1, backlog: 7 }, 9], backlog: 7 },
    { what: 'the argument', args: [{ port: 1 }, 9], backlog: 9 },
    { what: 'the argument after the host', args: [1, '127.0.0.1', 9], backlog: 9 },
    { what: 'the argument of a descriptor', args: [{ fd: 3, backlog: 7 }, 9], backlog: 9 },
    { what: 'none', args: [{ port: 1, backlog: 0 }], backlog: null },
  ])('the backlog is $what', ({ args, backlog }) => {
    expect(readListenCall(args)?.asked.backlog).toBe(backlog)
  })
})

it('a launch that is stopped while the address is bound does not wait for the app to say that it is ready', async () => {
  const waiting = untilSaidReady(
    { kind: 'memory', interface: 'auto' },
    { saidReady: new Promise(() => undefined), bootMs: 60_000, signal: AbortSignal.abort() },
  )
  await expect(waiting).rejects.toMatchObject({ code: 'LOCKSTEP_ERR_STOPPED' })
})
