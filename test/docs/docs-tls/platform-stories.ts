import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { IssuedCertificate } from '@lockstep/certs'
import { expect } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { tlsExchange } from '../../support/tls-client.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { readBlocks } from '../pages/read-page.ts'
import type { RecipeWorld } from './recipe-world.ts'
import type { Story } from './story.ts'

const shop = { hosts: ['shop.example.com', 'localhost'] }
const isRoot = process.getuid?.() === 0

export const platformStories: readonly Story[] = [
  {
    title: 'a Kubernetes secret is served as mounted, and so is its renewal',
    uses: ['app'],
    async tell(world) {
      world.save('app')
      const pod = podOf(deployment())
      // Only root can change the owner of the files to root. Other users have no file that a group may read.
      const mode = isRoot ? pod.defaultMode | 0o440 : pod.defaultMode
      const secret = mountSecret(world, { mode, group: pod.fsGroup })
      secret.put(await world.issue(shop))
      const user = isRoot ? { uid: pod.runAsUser } : {}
      await using server = await world.start(pod.command, user)
      expect(server.stderr()).toBe('')
      const renewed = await world.issue(shop)
      secret.put(renewed)
      await waitUntil(
        async () => (await tlsExchange(server.port)).fingerprint256 === renewed.fingerprint256,
        {
          what: () => `the new leaf after ${server.stdout()}${server.stderr()}`,
        },
      )

      const open = mountSecret(world, { mode: 0o644, group: pod.fsGroup })
      open.put(renewed)
      const check = pod.command.replace('lockstep run', 'lockstep check')
      expect((await world.type(check, { ...user, code: 4 })).stderr).toContain(
        '[LOCKSTEP_ERR_TLS_KEY_PERMISSIONS]',
      )
      await world.type(`${check} --tls-key-permissions=warn`, user)
    },
  },
  {
    title: 'the commands for Windows work with slashes',
    uses: ['app', 'windows-join', 'windows-check', 'windows'],
    async tell(world) {
      world.save('app')
      const { chainPem } = await world.savePair(shop)
      expect(world.read('windows-join')).toMatch(/^Get-Content leaf\.pem, .* -Encoding ascii /)
      await world.type(world.read('windows-check').replaceAll('\\', '/'))
      await using server = await world.start(world.read('windows').replaceAll('\\', '/'))
      expect((await world.type('curl -sS https://localhost:8443/')).stdout).toBe('Hello\n')
      expect(server.processes()).toHaveLength(3)

      world.write('certs/cert.pem', Buffer.from(`\uFEFF${chainPem}`, 'utf16le'))
      const utf16 = await world.type(world.read('windows-check').replaceAll('\\', '/'), { code: 4 })
      expect(utf16.stderr).toContain('[LOCKSTEP_ERR_TLS_ENCODING]')
    },
  },
  ...['gunicorn', 'uvicorn', 'langflow'].map(
    (program): Story => ({
      title: `the flags of ${program} have the same effect`,
      uses: ['app', program],
      async tell(world) {
        world.save('app')
        const { fingerprint256 } = await world.savePair(shop)
        const { chainPem, keyPem } = await world.issue({ hosts: [], commonName: 'a client', usage: 'client' })
        world.write('ca.pem', world.rootPem)
        await using server = await world.serve(program)
        const client = program === 'gunicorn' ? { cert: chainPem, key: keyPem } : {}
        expect((await tlsExchange(server.port, client)).fingerprint256).toBe(fingerprint256)
        if (program === 'gunicorn') await expect(tlsExchange(server.port)).rejects.toThrow()
        expect(server.processes()).toHaveLength(program === 'langflow' ? 1 : 3)
      },
    }),
  ),
  {
    title: 'a running server is inspected from outside',
    uses: ['app', 'plain-pair-run', 'debug-client'],
    async tell(world) {
      world.save('app')
      await world.savePair(shop)
      await using _server = await world.serve('plain-pair-run')
      const { stdout, stderr } = await world.run('debug-client')
      expect(stdout).toContain('✓ Complete')
      expect(stderr).toMatch(/CONNECTION ESTABLISHED\nProtocol version: TLSv1\.3/)
      expect(stderr).toContain('SSL certificate verify ok')
      expect(stdout).toMatch(/Hello\nThis port speaks HTTPS, and plain HTTP was sent to it\./)
    },
  },
  {
    title: 'a key log contains the secrets of a connection, and causes a warning',
    uses: ['app', 'debug-keylog'],
    async tell(world) {
      world.save('app')
      await world.savePair(shop)
      await using server = await world.serve('debug-keylog')
      expect(server.stdout()).toContain('keys.log')
      await world.type('curl -sS https://localhost:8443/')
      const lines = readFileSync(join(world.folder, 'keys.log'), 'utf8')
      expect(lines).toMatch(/^CLIENT_TRAFFIC_SECRET_0 [0-9a-f]{64} [0-9a-f]+$/m)
    },
  },
]

interface Pod {
  readonly command: string
  readonly runAsUser: number
  readonly fsGroup: number
  readonly defaultMode: number
}

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly securityContext: { readonly runAsUser: number; readonly fsGroup: number }
        readonly containers: readonly [{ readonly args: readonly string[] }]
        readonly volumes: readonly [{ readonly secret: { readonly defaultMode: number } }]
      }
    }
  }
}

/** That of docs/kubernetes.md. Kubernetes reads YAML 1.1, where 0440 is octal. */
function deployment(): Deployment {
  const [manifest] = readBlocks('docs/kubernetes.md')
  const [first] = parseAllDocuments(manifest?.text ?? '', { version: '1.1' })
  return first?.toJS() as Deployment
}

/** Its options of TLS: `docs-kubernetes.test.ts` starts the whole command. */
function podOf({ spec }: Deployment): Pod {
  const { securityContext, containers, volumes } = spec.template.spec
  const [{ args }] = containers
  const [{ secret }] = volumes
  const tls = args.filter((arg) => arg.startsWith('--tls-'))
  expect(tls).toHaveLength(2)
  return { ...securityContext, ...secret, command: ['lockstep run app.js --bind :8443', ...tls].join(' ') }
}

/**
 * A volume at `/etc/tls` as the kubelet mounts it: the files are links into `..data`, which is swapped by a rename
 * (`pkg/volume/util/atomic_writer.go`), and with `fsGroup` they belong to root and that group (`pkg/volume/volume_linux.go`).
 */
function mountSecret(
  world: RecipeWorld,
  { mode, group }: { mode: number; group: number },
): { put(issued: IssuedCertificate): void } {
  const mount = world.relocate('/etc/tls')
  let version = 0
  return {
    put({ chainPem, keyPem }) {
      version += 1
      const stamp = `..2026_01_01_00_00_0${version}.${mode}`
      mkdirSync(join(mount, stamp), { mode: 0o755 })
      for (const [name, text] of [
        ['tls.crt', chainPem],
        ['tls.key', keyPem],
      ] as const) {
        const file = join(mount, stamp, name)
        writeFileSync(file, text)
        if (isRoot) chownSync(file, 0, group)
        chmodSync(file, mode)
        if (version === 1) link(join('..data', name), join(mount, name))
      }
      link(stamp, join(mount, '..data'))
    },
  }
}

function link(target: string, path: string): void {
  symlinkSync(target, `${path}_tmp`)
  renameSync(`${path}_tmp`, path)
}
