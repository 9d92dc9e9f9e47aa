import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A machine without IPv6, as a container in Docker's default network is: `::` can be bound there, and takes IPv4. */
const withoutIPv6 = (hosts = '/etc/hosts'): string[] => [
  ...['unshare', '--map-root-user', '--net', '--mount', 'sh', '-ec'],
  `ip link set lo up
  for name in all default lo; do echo 1 > /proc/sys/net/ipv6/conf/$name/disable_ipv6; done
  mount --bind ${hosts} /etc/hosts
  exec "$@"`,
  'sh',
]

const [program = '', ...args] = withoutIPv6()
const reason =
  spawnSync(program, [...args, 'true']).status === 0 ? '' : ' (skipped without network namespaces)'

function hostsFile(...lines: readonly string[]): string {
  const file = join(temporaryFolder(), 'hosts')
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

const run = (backend: string, ...more: readonly string[]): string[] => [
  ...['run', 'apps/hello.js', '--backend', backend, '--no-control', ...more],
]

describe.skipIf(reason !== '').each(['single', 'cluster'])(`without IPv6, under %s${reason}`, (backend) => {
  it.each([
    ['--host', '::', '--port', '0'],
    ['--bind', '[::]:0'],
    ['--bind', '[::]:0', '--tls-self-signed'],
  ])('every interface is probed at a reachable address: %s %s', async (...where) => {
    await using server = await startLockstep(run(backend, ...where), { through: withoutIPv6() })
    await server.waitFor(/Verified: .* on 127\.0\.0\.1:\d+/)
  })

  it('a host name is bound at an address that this machine has', async () => {
    const hosts = hostsFile('::1 lockstep-test', '127.0.0.1 lockstep-test')
    await using server = await startLockstep(run(backend, '--host', 'lockstep-test', '--port', '0'), {
      through: withoutIPv6(hosts),
    })
    await server.waitFor(/Verified: .* on 127\.0\.0\.1:\d+/)
  })

  it.each(['::1', 'lockstep-test'])('%s is refused, with the missing address and the cure', async (host) => {
    const { code, stderr } = await runLockstep(run(backend, '--host', host, '--port', '0'), {
      through: withoutIPv6(hostsFile('::1 lockstep-test')),
    })
    expect(code).toBe(5)
    expect(stderr).toContain(
      'cannot be bound: this machine does not have the address ::1 (EADDRNOTAVAIL).\n  Set by --host.\n  IPv6 is switched off here: no interface has an address of it. Use 127.0.0.1,',
    )
  })
})
