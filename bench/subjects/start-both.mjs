import { certificateFolder } from './servers.mjs'

/** The same subject over HTTP and, if it can, over TLS; or over one of them, when no more is told. */
export async function startBoth(subject, { http = true, https = true, ...settings }) {
  await using stack = new AsyncDisposableStack()
  const servers = {}
  const cannot = subject.cannot ?? (() => null)
  if (http) servers.http = stack.use(await subject.start(settings))
  if (https && cannot({ tls: true, path: '/' }) === null) {
    const pair = stack.use(await certificateFolder())
    servers.https = stack.use(await subject.start({ ...settings, pair }))
  }
  const kept = stack.move()
  return { name: subject.name, cannot, servers, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
