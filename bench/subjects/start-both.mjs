import { certificateFolder } from './servers.mjs'

/** The same subject twice: over HTTP and over TLS. */
export async function startBoth(subject, settings) {
  await using stack = new AsyncDisposableStack()
  const pair = stack.use(await certificateFolder())
  // Settled, not all: whichever starts while the other one fails has to be stopped as well.
  const starting = await Promise.allSettled(
    [settings, { ...settings, pair }].map(async (each) => stack.use(await subject.start(each))),
  )
  for (const { status, reason } of starting) if (status === 'rejected') throw reason
  const [http, https] = starting.map(({ value }) => value)
  const kept = stack.move()
  return {
    name: subject.name,
    servers: { http, https },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
