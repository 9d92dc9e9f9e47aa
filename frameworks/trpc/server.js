import { setTimeout as pause } from 'node:timers/promises'
import { initTRPC } from '@trpc/server'
import { createHTTPServer } from '@trpc/server/adapters/standalone'
import { z } from 'zod'

const t = initTRPC.create()

const appRouter = t.router({
  greet: t.procedure.query(() => 'Hello World!'),
  echo: t.procedure.input(z.object({ name: z.string() })).mutation(({ input }) => input),
  slow: t.procedure.query(async () => {
    console.log('slow request')
    await pause(700)
    return 'done'
  }),
  count: t.procedure.subscription(async function* () {
    for (let count = 0; count < 3; count += 1) {
      yield count
      await pause(150)
    }
  }),
})

const server = createHTTPServer({
  router: appRouter,
  createContext() {
    return {}
  },
})

server.listen(3000)
