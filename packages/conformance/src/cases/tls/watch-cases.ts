import assert from 'node:assert/strict'
import { utimesSync } from 'node:fs'
import type { CaseContext } from '../../case-context.ts'
import {
  certbotFolder,
  kubernetesSecret,
  type ReplaceablePair,
  renamedFiles,
  replacedFolder,
} from '../../certificates/replaceable-pair.ts'
import { request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Subject } from '../../subject/subject.ts'

async function shows(subject: Subject): Promise<string | undefined> {
  return (await request({ ...subject, tls: {} })).tls?.fingerprint256
}

function becomes(subject: Subject, fingerprint256: string): Promise<unknown> {
  return poll(() => shows(subject), { until: (leaf) => leaf === fingerprint256, what: 'the new leaf' })
}

type Layout = (folder: string, first: CaseContext['certificates']['server']) => ReplaceablePair

/** A server looks at its files when it has started or reloaded. What is changed later is seen only if it watches. */
function quiet(): Promise<unknown> {
  const began = performance.now()
  return poll(() => performance.now() - began, { until: (ms) => ms > 1_500, what: 'a quiet moment' })
}

const isFollowed = (
  name: string,
  {
    what,
    source,
    layout,
    isQuiet = false,
  }: { what: string; source: string; layout: Layout; isQuiet?: boolean },
): ConformanceCase => ({
  id: `tls/watch/${name}`,
  level: 'MUST',
  requirement: `The server uses ${what} without a reload command, and later the next one.`,
  source,
  observes: ['tls.watch'],
  async run({ start, folder, certificates }) {
    const { server, otherServer } = certificates
    const { cert, key, replace } = layout(folder, server)
    const subject = await start({ tls: { cert, key } })
    for (const next of [otherServer, server]) {
      if (isQuiet) await quiet()
      replace(next)
      await becomes(subject, next.fingerprint256)
    }
  },
})

export const watchCases: readonly ConformanceCase[] = [
  isFollowed('renamed-files', {
    what: 'a pair that is renamed into place',
    source: 'rename(2): another file is under the name',
    layout: renamedFiles,
  }),
  isFollowed('replaced-folder', {
    what: 'A pair in a folder that takes the place of another one',
    source: 'rename(2): a watch stays with the folder that was renamed',
    layout: replacedFolder,
    isQuiet: true,
  }),
  {
    ...isFollowed('kubernetes-secret', {
      what: 'a Kubernetes secret whose link is swapped behind the paths',
      source:
        'https://kubernetes.io/docs/concepts/configuration/secret/#mounted-secrets-are-updated-automatically',
      layout: kubernetesSecret,
    }),
    needs: ['posix-modes'],
  },
  {
    ...isFollowed('certbot-folder', {
      what: 'a pair whose links Certbot swaps one after the other',
      source: 'https://eff-certbot.readthedocs.io/en/stable/using.html#where-are-my-certificates',
      layout: certbotFolder,
    }),
    needs: ['posix-modes'],
  },
  {
    id: 'tls/watch/half-a-pair-waits-for-the-other',
    level: 'MUST',
    requirement:
      'The server reports half of a new pair and keeps the old one, and uses the new pair once the other half is there.',
    source: 'design, "A changed certificate"',
    observes: ['tls.watch'],
    async run({ start, folder, certificates }) {
      const { server, otherServer } = certificates
      const { cert, key, replace } = renamedFiles(folder, server)
      const subject = await start({ tls: { cert, key } })
      replace({ certPem: otherServer.certPem, keyPem: server.keyPem })
      await poll(() => subject.stderr(), {
        until: (text) => text.includes('LOCKSTEP_ERR_TLS_KEY_MISMATCH'),
        what: 'the failure to be reported',
      })
      assert.equal(await shows(subject), server.fingerprint256)
      replace(otherServer)
      await becomes(subject, otherServer.fingerprint256)
    },
  },
  {
    id: 'tls/watch/off-waits-to-be-asked',
    level: 'MUST',
    requirement: 'With watch off, the server uses a new pair only after a reload.',
    source: 'option tls.watch',
    observes: ['tls.watch'],
    async run({ start, folder, certificates }) {
      const { server, otherServer } = certificates
      const { cert, key, replace } = renamedFiles(folder, server)
      const subject = await start({ tls: { cert, key, watch: false } })
      // Another server that watches the same files says when there was time enough.
      const watching = await start({ tls: { cert, key } })
      replace(otherServer)
      await becomes(watching, otherServer.fingerprint256)
      assert.equal(await shows(subject), server.fingerprint256)
      assert.deepEqual(await subject.applyTls(), { changed: true, code: null })
      assert.equal(await shows(subject), otherServer.fingerprint256)
    },
  },
  {
    id: 'tls/watch/a-touch-is-no-change',
    level: 'SHOULD',
    requirement: 'The server does not load files again whose content is the same.',
    source: 'option tls.watch',
    observes: ['tls.watch'],
    async run({ start, folder, certificates }) {
      const { server, otherServer } = certificates
      const { cert, key, replace } = renamedFiles(folder, server)
      const subject = await start({ tls: { cert, key }, log: { level: 'debug' } })
      utimesSync(cert, new Date(), new Date())
      replace(server)
      replace(otherServer)
      await becomes(subject, otherServer.fingerprint256)
      replace(otherServer)
      utimesSync(key, new Date(), new Date())
      replace(server)
      await becomes(subject, server.fingerprint256)
      const reloads = subject.stderr().match(/"message":"reloading"/g) ?? []
      assert.equal(reloads.length, 2)
    },
  },
]
