import { chmodSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { exchange, header } from '../support/exchange.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const script = `${'export const word = 1\n'.repeat(100)}`

/** A folder with pages, a script that is also there in compressed form, and what must not be served. */
function site(): string {
  const folder = temporaryFolder()
  const directory = join(folder, 'public')
  for (const inner of ['docs', '.git', '.well-known', 'empty'])
    mkdirSync(join(directory, inner), { recursive: true })
  write(directory, 'index.html', '<h1>home</h1>\n')
  write(directory, 'docs/index.html', '<h1>docs</h1>\n')
  write(directory, 'app.js', script)
  write(directory, 'app.js.br', brotliCompressSync(script))
  write(directory, 'app.js.gz', gzipSync(script))
  write(directory, 'image é.svg', '<svg/>')
  write(directory, '.env', 'SECRET=1\n')
  write(directory, '.git/config', '[core]\n')
  write(directory, '.git/notes.txt', 'notes\n')
  write(directory, '.well-known/security.txt', 'Contact: x\n')
  write(directory, '.well-known/.hidden', 'hidden\n')
  write(folder, 'outside.txt', 'outside\n')
  symlinkSync(join(folder, 'outside.txt'), join(directory, 'leak.txt'))
  symlinkSync('docs', join(directory, 'inside'))
  symlinkSync('.env', join(directory, 'settings.txt'))
  symlinkSync('.git', join(directory, 'git'))
  // As Kubernetes mounts a ConfigMap.
  const version = '..2026_01_02_03_04_05.678'
  mkdirSync(join(directory, version))
  write(directory, `${version}/mounted.txt`, 'mounted\n')
  write(directory, `${version}/.hidden`, 'hidden\n')
  symlinkSync(version, join(directory, '..data'))
  symlinkSync('..data/mounted.txt', join(directory, 'mounted.txt'))
  symlinkSync('..data/.hidden', join(directory, 'mounted-hidden.txt'))
  return directory
}

describe.each([
  { backend: 'single', args: ['--backend', 'single'] },
  { backend: 'cluster', args: ['--backend', 'cluster', '--workers', '2'] },
])('lockstep serve, under $backend', ({ args }) => {
  it('serves files with their types, conditional requests and ranges', async () => {
    await using server = await startLockstep(['serve', site(), '--port', '0', ...args])
    const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      exchange(server.url, { path, headers, method })
    const home = await ask('/')
    expect(home).toMatchObject({ status: 200, body: '<h1>home</h1>\n' })
    expect(header(home, 'Content-Type')).toBe('text/html; charset=utf-8')
    expect(header(home, 'Cache-Control')).toBe('public, max-age=0')
    expect(header(home, 'X-Content-Type-Options')).toBe('nosniff')
    const etag = header(home, 'ETag') ?? ''
    expect(await ask('/', { 'If-None-Match': `"other", ${etag}` })).toMatchObject({ status: 304, body: '' })
    const since = header(home, 'Last-Modified') ?? ''
    expect(await ask('/', { 'If-Modified-Since': since })).toMatchObject({ status: 304 })
    const part = await ask('/', { Range: 'bytes=4-7' })
    expect(part).toMatchObject({ status: 206, body: 'home' })
    expect(header(part, 'Content-Range')).toBe('bytes 4-7/14')
    expect(await ask('/', { Range: 'bytes=99-' })).toMatchObject({ status: 416 })
    expect(await ask('/', { Range: 'bytes=4-7', 'If-Range': '"other"' })).toMatchObject({ status: 200 })
    const head = await ask('/', {}, 'HEAD')
    expect(head).toMatchObject({ status: 200, body: '' })
    expect(header(head, 'Content-Length')).toBe('14')
    const posted = await ask('/', {}, 'POST')
    expect(posted).toMatchObject({ status: 405 })
    expect(header(posted, 'Allow')).toBe('GET, HEAD')
    const image = await ask('/image%20%C3%A9.svg')
    expect(header(image, 'Content-Type')).toBe('image/svg+xml')
    expect(await ask('/nowhere')).toMatchObject({ status: 404 })
  })

  it('redirects to the slash of a folder, and never to another host', async () => {
    await using server = await startLockstep(['serve', site(), '--port', '0', ...args])
    const moved = await exchange(server.url, { path: '/docs?a=1' })
    expect([moved.status, header(moved, 'Location')]).toEqual([301, '/docs/?a=1'])
    expect(await exchange(server.url, { path: '/docs/' })).toMatchObject({ body: '<h1>docs</h1>\n' })
    expect(await exchange(server.url, { path: '/empty/' })).toMatchObject({ status: 404 })
    // A client of Node would take the path of a URL for a host.
    const far = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ host: '127.0.0.1', port: server.port, path: '//docs', agent: false }, resolve).on('error', reject)
    })
    far.resume()
    expect([far.statusCode, far.headers.location]).toEqual([301, '/docs/'])
  })

  it('serves neither hidden files nor what a link names outside the folder', async () => {
    await using server = await startLockstep(['serve', site(), '--port', '0', '--single', ...args])
    for (const path of [
      '/.env',
      '/.git/config',
      '/leak.txt',
      '/settings.txt',
      '/git/notes.txt',
      '/mounted-hidden.txt',
      '/..data/mounted.txt',
      '/..2026_01_02_03_04_05.678/mounted.txt',
      '/.well-known/.hidden',
      '/../outside.txt',
      '/docs/..%2f..%2foutside.txt',
    ])
      expect(await exchange(server.url, { path }), path).toMatchObject({ status: 404, body: 'Not Found\n' })
    expect(await exchange(server.url, { path: '/.well-known/security.txt' })).toMatchObject({ status: 200 })
    expect(await exchange(server.url, { path: '/inside/' })).toMatchObject({ body: '<h1>docs</h1>\n' })
    expect(await exchange(server.url, { path: '/mounted.txt' })).toMatchObject({ body: 'mounted\n' })
  })

  it('sends the compressed file to a client that accepts it', async () => {
    await using server = await startLockstep(['serve', site(), '--port', '0', ...args])
    const ask = (accepted?: string) =>
      exchange(server.url, { path: '/app.js', headers: accepted ? { 'Accept-Encoding': accepted } : {} })
    const type = 'application/javascript; charset=utf-8'
    for (const [accepted, encoding] of [
      ['gzip, br', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0, gzip;q=0.5', 'gzip'],
      ['identity', undefined],
      [undefined, undefined],
    ] as const) {
      const answer = await ask(accepted)
      expect(answer.status).toBe(200)
      expect(header(answer, 'Content-Encoding'), accepted).toBe(encoding)
      expect(header(answer, 'Content-Type')).toBe(type)
      expect(header(answer, 'Vary')).toBe('Accept-Encoding')
      if (encoding === undefined) expect(answer.body).toBe(script)
      else expect(Number(header(answer, 'Content-Length'))).toBeLessThan(200)
    }
    // The two forms are not the same bytes.
    expect(header(await ask('br'), 'ETag')).not.toBe(header(await ask(), 'ETag'))
  })

  it('serves /index.html for missing pages with --single, and changed files at once', async () => {
    const directory = site()
    await using server = await startLockstep(['serve', directory, '--single', '--port', '0', ...args])
    expect(await exchange(server.url, { path: '/orders/17' })).toMatchObject({ body: '<h1>home</h1>\n' })
    expect(await exchange(server.url, { path: '/old.js' })).toMatchObject({ status: 404 })
    write(directory, 'index.html', '<h1>changed</h1>\n')
    expect(await exchange(server.url, { path: '/orders/17' })).toMatchObject({ body: '<h1>changed</h1>\n' })
  })

  it('breaks the connection off when a file becomes shorter while it is sent', async () => {
    const directory = site()
    const size = 64 * 1_024 * 1_024
    write(directory, 'large.bin', '')
    truncateSync(join(directory, 'large.bin'), size)
    await using server = await startLockstep(['serve', directory, '--port', '0', ...args])
    const socket = connect(server.port, '127.0.0.1')
    socket.write('GET /large.bin HTTP/1.1\r\nHost: a\r\n\r\n')
    let received = 0
    let isMixed = false
    await new Promise<void>((resolve, reject) => {
      socket.on('error', () => undefined)
      // What is left of the file would come at once, and the keep-alive time is longer than this.
      const late = setTimeout(() => reject(new Error('the connection stays open')), 4_000)
      socket.on('close', () => {
        clearTimeout(late)
        resolve()
      })
      socket.once('data', () => {
        truncateSync(join(directory, 'large.bin'), 1_024)
        socket.write('GET /docs/ HTTP/1.1\r\nHost: a\r\n\r\n')
      })
      socket.on('data', (chunk) => {
        received += chunk.length
        isMixed ||= chunk.includes('<h1>docs</h1>')
      })
    }).finally(() => socket.destroy())
    expect(isMixed).toBe(false)
    expect(received).toBeGreaterThan(1_024)
    expect(received).toBeLessThan(size)
    expect(await exchange(server.url)).toMatchObject({ status: 200 })
  })

  it.skipIf(process.platform === 'win32')('answers 403 for a file that it may not read', async () => {
    const directory = site()
    write(directory, 'closed.txt', 'closed\n')
    chmodSync(join(directory, 'closed.txt'), 0)
    chmodSync(join(directory, '..'), 0o755)
    chmodSync(join(directory, 'index.html'), 0o644)
    // Root reads everything.
    const user = process.getuid?.() === 0 ? ['--user', 'nobody'] : []
    await using server = await startLockstep(['serve', directory, '--port', '0', ...user, ...args])
    for (const method of ['GET', 'HEAD'])
      expect(await exchange(server.url, { path: '/closed.txt', method })).toMatchObject({ status: 403 })
    expect(await exchange(server.url)).toMatchObject({ status: 200, body: '<h1>home</h1>\n' })
  })

  it('takes the options of a launch, such as TLS, and a reload', async () => {
    const { cert, key, certPem } = await pairFiles()
    const tls = ['--tls-cert', cert, '--tls-key', key]
    await using server = await startLockstep(['serve', site(), '--port', '0', ...tls, ...args])
    expect(server.url).toMatch(/^https:/)
    const reload = await runLockstep(['reload'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
    expect(reload).toMatchObject({ code: 0 })
    expect(await exchange(server.url, { ca: certPem })).toMatchObject({
      status: 200,
      body: '<h1>home</h1>\n',
    })
  })
})

describe('lockstep serve refuses', () => {
  it('a folder that is not there', async () => {
    await failedLaunch(['serve', '/nowhere/at/all'], {
      code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
      says: ['There is no folder /nowhere/at/all', 'Name the folder whose files are served'],
    })
  })

  it('a missing argument', async () => {
    await failedLaunch(['serve'], {
      code: 'LOCKSTEP_ERR_APP_MISSING',
      says: ['Missing argument: the folder.'],
    })
  })

  it('an app beside the folder', async () => {
    await failedLaunch(['serve', site(), '--app', 'apps/hello.js'], {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: ['Both a static folder (DIR) and --app are given'],
    })
  })

  it('arguments, which only an app has', async () => {
    await failedLaunch(['serve', site(), '--', '--verbose'], {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: ['Both a static folder (DIR) and -- are given'],
    })
  })

  it.each([['--interface', 'fetch'], ['--wait-ready'], ['--shutdown-with-message']])(
    '%s, which is for an app',
    async (...given) => {
      await failedLaunch(['serve', site(), ...given], {
        code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
        says: [`${given[0]} is for an app, and would have no effect on a static folder (DIR)`],
      })
    },
  )

  it('a backend that runs programs of others', async () => {
    await failedLaunch(['serve', site(), '--backend', 'uvicorn'], {
      code: ['LOCKSTEP_ERR_APP_UNFIT', 'LOCKSTEP_ERR_OPTION_REFUSED'],
      says: ['is a static folder', 'Use --backend single or cluster'],
    })
  })
})

it('--single without a folder is refused', async () => {
  await failedLaunch(['run', 'apps/hello.js', '--single'], {
    code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
    says: ['Only a static folder has a page for missing paths', 'Set by --single'],
  })
})
