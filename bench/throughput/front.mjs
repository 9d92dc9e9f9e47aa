import { compare } from '../measuring/compare.mjs'
import { shown } from '../measuring/rounds.mjs'
import { present } from '../subjects/present.mjs'
import { caddyProxy, lockstepFront, nginxProxy, startHelloProgram } from '../subjects/proxies.mjs'
import { certificateFolder } from '../subjects/servers.mjs'
import { underLoad } from './compare-loads.mjs'

const hello = { path: '/', keepAlive: true }
const cores = { server: 0, clients: 1 }
/** Of the processor time for a request: half as much again as Lockstep needs, and eight tenths. */
const goals = { [caddyProxy.name]: 1.5, [nginxProxy.name]: 0.8 }

/** What a request costs that is passed on to a program. */
export const front = {
  name: 'front',
  about:
    'One process each ends TLS and passes requests on to a small program on Node, on kept connections (wrk, 32 clients). The program of Lockstep runs on the core of the proxy, that of nginx and Caddy on the core of the clients. So the processor time of the proxy decides, and no rate.',
  needs: ['wrk', 'taskset'],
  async measure({ quick }) {
    const { subjects, skipped } = present([lockstepFront, nginxProxy, caddyProxy])
    await using stack = new AsyncDisposableStack()
    const pair = stack.use(await certificateFolder())
    const program = stack.use(await startHelloProgram({ core: cores.clients }))
    const servers = []
    for (const { name, start } of subjects) {
      const server = stack.use(await start({ pair, core: cores.server, upstream: program.port }))
      servers.push({ name, server })
    }
    const measure = ({ server }) => underLoad(server, hello, { seconds: quick ? 1 : 2, cores })
    for (const server of servers) await measure(server)
    const rounds = quick ? 1 : 5
    const found = await compare(servers, { rounds, most: rounds, measure, decidedBy: 'processorUs' })
    return {
      skipped,
      figures: subjects.filter(({ name }) => name in goals).map(({ name }) => figure(name, found)),
      tables: [
        {
          title: 'A request that is passed on to a program, over TLS',
          columns: ['proxy', 'processor time per request, µs', 'requests per second', '99th percentile, ms'],
          rows: subjects.map(({ name, version }) => [
            `${name}, ${version()}`,
            shown(found.of(name, 'processorUs'), 1),
            shown(found.of(name, 'perSecond')),
            shown(found.of(name, 'p99Ms'), 1),
          ]),
        },
      ],
    }
  },
}

function figure(name, found) {
  const ratio = found.between(name, lockstepFront.name, 'processorUs')
  return {
    what: `requests per processor second, ${lockstepFront.name} relative to ${name}`,
    goal: `≥ ${goals[name]}`,
    found: shown(ratio, 2),
    met: ratio.median >= goals[name],
    how: `${found.rounds} rounds in turns`,
    isSteady: found.isSteady,
  }
}
