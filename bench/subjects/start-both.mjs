import { certificateFolder } from './servers.mjs'

/** The same subject over HTTP and, if it can, over TLS; or over only one of them, if only one is given. */
export async function startBoth(subject, { http = true, https = true, ...settings }) {
  await using stack = new AsyncDisposableStack()
  const cannot = subject.cannot ?? (() => null)
  const wanted = new Map()
  if (http) wanted.set('http', settings)
  if (https && cannot({ tls: true, path: '/' }) === null)
    wanted.set('https', { ...settings, pair: stack.use(await certificateFolder()) })
  // `allSettled` instead of `all`, because a server that starts while the other one fails must be stopped as well.
  const starting = await Promise.allSettled(
    [...wanted.values()].map(async (each) => stack.use(await subject.start(each))),
  )
  for (const { status, reason } of starting) if (status === 'rejected') throw reason
  const servers = Object.fromEntries([...wanted.keys()].map((name, index) => [name, starting[index].value]))
  const kept = stack.move()
  const { name, isSingle = false } = subject
  return { name, isSingle, cannot, servers, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
