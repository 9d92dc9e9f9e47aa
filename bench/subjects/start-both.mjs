import { certificateFolder } from './servers.mjs'

/** The same subject twice: over HTTP and over TLS. */
export async function startBoth(subject, settings) {
  await using stack = new AsyncDisposableStack()
  const pair = stack.use(await certificateFolder())
  const http = stack.use(await subject.start(settings))
  const https = stack.use(await subject.start({ ...settings, pair }))
  const kept = stack.move()
  return {
    name: subject.name,
    servers: { http, https },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
