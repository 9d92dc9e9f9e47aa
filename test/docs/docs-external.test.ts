import { once } from 'node:events'
import { dirname } from 'node:path'
import { flagTable } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'
import { type PeerName, peer, peerProblem } from '../../scripts/peers/peers.mjs'
import { runLockstep } from '../support/lockstep.ts'
import { isOnPath } from '../support/programs.ts'
import { runsEverything } from '../support/runs-everything.ts'
import { type Followed, followRecipe, type Preparation, stopInOrder } from './docs-external/follow-recipe.ts'
import { flagsOf, notRun, recipes, recipesWithFiles } from './docs-external/recipes.ts'

// The recipes of docs/external.md, followed as they are written there.

interface Check extends Preparation {
  readonly peers?: readonly PeerName[]
  /** Programs of the system. */
  readonly needs?: readonly string[]
  /** Only with TEST_EVERYTHING=1: it takes long. */
  readonly long?: boolean
  check(followed: Followed): Promise<void>
}

/** What the program saw of the client. */
const answersSchemeAndClient = async ({ ask }: Followed): Promise<void> => {
  expect(await ask('/')).toMatchObject({
    status: 200,
    body: expect.stringMatching(/^https from 127\.0\.0\.1$/m),
  })
}

const checks: Readonly<Record<string, Check>> = {
  folder: {
    needs: ['python3'],
    async check({ ask }) {
      expect(await ask('/')).toMatchObject({
        status: 200,
        body: expect.stringContaining('Directory listing'),
      })
    },
  },
  flask: {
    peers: ['flask'],
    async check({ ask, origin }) {
      expect(await ask('/')).toMatchObject({ status: 200, body: `${origin}/ from 127.0.0.1\n` })
    },
  },
  fastapi: {
    peers: ['uvicorn'],
    async check({ ask, origin, openWebSocket }) {
      expect(JSON.parse((await ask('/')).body)).toEqual({ url: `${origin}/`, client: '127.0.0.1' })
      const socket = openWebSocket('/echo')
      await once(socket, 'open')
      const echoed = once(socket, 'message')
      socket.send('hello')
      expect(String((await echoed)[0])).toBe('hello')
      socket.close()
      await once(socket, 'close')
    },
  },
  django: {
    peers: ['django-admin'],
    long: true,
    async check({ ask, origin }) {
      const form = await ask('/admin/login/')
      const cookie = String(form.headers['set-cookie']).split(';')[0] ?? ''
      const sent = await ask('/admin/login/', {
        method: 'POST',
        headers: { cookie, origin, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          csrfmiddlewaretoken: cookie.replace('csrftoken=', ''),
          username: 'a',
          password: 'b',
        }).toString(),
      })
      expect(sent).toMatchObject({ status: 200, body: expect.stringContaining('correct username') })
    },
  },
  vite: {
    needs: ['npm'],
    packages: ['vite'],
    async check({ ask, openWebSocket }) {
      const { body } = await ask('/@vite/client')
      const token = /wsToken = "([^"]+)"/.exec(body)?.[1]
      const socket = openWebSocket(`/?token=${token}`, 'vite-hmr')
      expect(JSON.parse(String((await once(socket, 'message'))[0]))).toEqual({ type: 'connected' })
      socket.close()
      await once(socket, 'close')
    },
  },
  express: { packages: ['express'], check: answersSchemeAndClient },
  go: {
    needs: ['go'],
    sources: ['hello.go'],
    long: true,
    deadlineMs: 300_000,
    check: answersSchemeAndClient,
  },
  rust: { needs: ['rustc'], sources: ['hello.rs'], long: true, check: answersSchemeAndClient },
  php: { needs: ['php'], check: answersSchemeAndClient },
  'node-red': {
    peers: ['node-red'],
    long: true,
    async check({ ask, openWebSocket, server }) {
      expect(await ask('/')).toMatchObject({ status: 200, body: expect.stringContaining('Node-RED') })
      const socket = openWebSocket('/comms')
      await once(socket, 'open')
      const notice = once(socket, 'message')
      socket.send('{"subscribe":"notification/#"}')
      expect(String((await notice)[0])).toContain('"topic":')
      socket.close()
      await once(socket, 'close')
      const reload = await runLockstep(['reload'], {
        env: { XDG_RUNTIME_DIR: server.runtimeFolder },
        deadlineMs: 60_000,
      })
      expect(reload, reload.stderr).toMatchObject({ code: 0 })
      expect((await ask('/')).status).toBe(200)
      expect(server.stderr().match(/Started flows/g)).toHaveLength(2)
    },
  },
}

/** Why a recipe can't be followed on this machine. */
function obstacleOf({ peers = [], needs = [] }: Check): string | null {
  const missing = needs.filter((program) => !isOnPath(program))
  if (missing.length > 0) return `not in PATH: ${missing.join(', ')}`
  return peers.map((name) => peerProblem(name)).find((problem) => problem !== null) ?? null
}

describe.skipIf(process.platform === 'win32')('docs/external.md', () => {
  it('has a test for each recipe', () => {
    expect([...recipes.keys()].sort()).toEqual(Object.keys(checks).sort())
    expect(recipesWithFiles.filter((name) => !recipes.has(name))).toEqual([])
  })

  it('names only flags that exist', () => {
    const flags = [...recipes.values(), ...notRun].flatMap(flagsOf)
    expect(flags.length).toBeGreaterThan(20)
    expect(flags.filter((flag) => !flagTable.has(flag))).toEqual([])
  })

  for (const [name, { check, long = false, peers = [], ...preparation }] of Object.entries(checks)) {
    const obstacle = obstacleOf({ check, peers, ...preparation })
    const reason = obstacle ?? (long ? 'it takes long, and TEST_EVERYTHING is not 1' : null)
    it.skipIf(!runsEverything && reason !== null)(
      `its recipe ${name} works${runsEverything || reason === null ? '' : ` (skipped: ${reason})`}`,
      { timeout: 330_000 },
      async () => {
        if (obstacle !== null) throw new Error(obstacle)
        const programs = peers.map((program) => dirname(peer(program)))
        await using followed = await followRecipe(name, { programs, ...preparation })
        await check(followed)
        await stopInOrder(followed)
      },
    )
  }
})
