import { describe, expect, it, onTestFinished } from 'vitest'
import { deniedServer } from '../../src/control/denied-server.ts'
import { bindFault } from '../../src/platform/net/bind-fault.ts'
import { controlFolder } from '../../src/platform/net/control-endpoint.ts'
import { openFirst } from '../../src/platform/net/open-first.ts'
import { formatTarget } from '../../src/verify/probes/probe-target.ts'

const failing = (code: string): Error => Object.assign(new Error(code), { code })
const at = (port: number, host = '127.0.0.1') => ({ kind: 'tcp', host, port }) as const
const asked = { ...at(3_000), mayMove: true }

describe('a port that Windows reserves', () => {
  it.each([
    ['127.0.0.1', 'ipv4'],
    ['::1', 'ipv6'],
  ])('is refused on %s with the command that lists reserved ports', (host, family) => {
    const fault = bindFault({ ...at(3_000, host), mayMove: false }, failing('EACCES'), 'win32')
    expect(fault.code).toBe('LOCKSTEP_ERR_ADDRESS_PRIVILEGED')
    expect(fault.hint).toContain(`\`netsh int ${family} show excludedportrange protocol=tcp\``)
    expect(fault.hint).not.toMatch(/systemd|CAP_NET/)
  })

  it('makes the default port move to the next one, only on Windows', async () => {
    const open = async (candidate: { kind: string; port?: number }) => {
      if ((candidate.port ?? 0) < 3_002) throw failing('EACCES')
      return { address: at(candidate.port ?? 0) }
    }
    expect(await openFirst(asked, open as never, 'win32')).toEqual({
      address: { ...at(3_002), movedFrom: 3_000 },
    })
    await expect(openFirst(asked, open as never, 'linux')).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_ADDRESS_PRIVILEGED',
      hint: expect.stringContaining('CAP_NET_BIND_SERVICE'),
    })
  })

  it('is refused when a user has asked for it', async () => {
    const open = async () => Promise.reject(failing('EACCES'))
    await expect(openFirst({ ...asked, mayMove: false }, open, 'win32')).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_ADDRESS_PRIVILEGED',
    })
  })
})

it.each([
  ['win32', 'ipconfig'],
  ['linux', 'ip address'],
  ['darwin', 'ifconfig'],
] as const)('on %s, `%s` lists the addresses', (platform, program) => {
  for (const code of ['EADDRNOTAVAIL', 'EINVAL'])
    expect(bindFault({ ...at(0, '192.0.2.1'), mayMove: false }, failing(code), platform).hint).toContain(
      `\`${program}\` lists them`,
    )
})

it('a named pipe is not called a UNIX domain socket', () => {
  const target = { protocol: 'http1', isLimited: false } as never
  expect(formatTarget({ ...(target as object), path: '\\\\.\\pipe\\shop' } as never)).toBe('pipe:shop')
  expect(formatTarget({ ...(target as object), path: '/run/shop.sock' } as never)).toBe('unix:/run/shop.sock')
})

it('a server of another account is not reported as a server of another version', () => {
  expect(deniedServer('x', 'win32').hint).toContain('Run as administrator')
  expect(deniedServer('x', 'linux').hint).toContain('the user that started the server')
})

it('XDG_RUNTIME_DIR has no meaning on Windows', () => {
  const before = process.env['XDG_RUNTIME_DIR']
  onTestFinished(() => {
    if (before === undefined) delete process.env['XDG_RUNTIME_DIR']
    else process.env['XDG_RUNTIME_DIR'] = before
  })
  process.env['XDG_RUNTIME_DIR'] = '/run/user/7'
  expect(controlFolder('linux')).toBe('/run/user/7/lockstep')
  expect(controlFolder('win32')).not.toContain('/run/user/7')
})
