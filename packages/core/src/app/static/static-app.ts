import { realpath } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { codeOf } from '../../errors/thrown.ts'
import type { ServedApp } from '../served-app.ts'
import { type ChosenFile, chooseFile, type Encoding } from './choose-file.ts'
import { type OpenFile, openFile, readExactly } from './open-file.ts'

/** A file may be replaced between the look at its path and the opening. */
const mostTries = 5

/**
 * The app that serves the files of a folder. They are read when they are asked for, so that a changed file is served at once. `single`: a
 * path that looks like a page and is not there is answered with `/index.html`.
 */
export async function createStaticApp({
  directory,
  single,
}: {
  directory: string
  single: boolean
}): Promise<ServedApp> {
  const [{ send, mime }, { negotiate }, root] = await Promise.all([
    import('@fastify/send').then((module) => module.default),
    import('@fastify/accept-negotiator').then((module) => module.default),
    realpath(directory),
  ])

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = request
    if (method !== 'GET' && method !== 'HEAD') {
      answer(response, { status: 405, text: 'Method Not Allowed\n', headers: { Allow: 'GET, HEAD' } })
      return
    }
    const url = urlOf(request.url ?? '/')
    const accepts = (offered: readonly Encoding[]): Encoding | null =>
      negotiate(headers['accept-encoding'] ?? '', [...offered]) as Encoding | null
    for (let tries = 0; url && tries < mostTries; tries += 1) {
      const chosen = await chooseFile(url.pathname, { root, single, accepts })
      if (chosen === 'missing') break
      if (chosen === 'needs-slash') {
        // Two slashes in front would name another host.
        const place = `${url.pathname.replace(/^\/+/, '/')}/${url.search}`
        return answer(response, { status: 301, text: 'Moved Permanently\n', headers: { Location: place } })
      }
      const opened = await openFile(chosen.place)
      if (opened === 'denied') return answer(response, { status: 403, text: 'Forbidden\n' })
      if (opened === 'changed') continue
      try {
        return await sendFile(chosen, { opened, request, response })
      } finally {
        await opened.handle.close()
      }
    }
    answer(response, { status: 404, text: 'Not Found\n' })
  }

  async function sendFile(
    { path, place, compressed, varies }: ChosenFile,
    { opened, request, response }: { opened: OpenFile; request: IncomingMessage; response: ServerResponse },
  ): Promise<void> {
    // For HEAD it opens no file by its path: the bytes come from the one that was checked.
    const asHead = { method: 'HEAD', headers: request.headers } as IncomingMessage
    const answered = await send(asHead, `${path}${compressed?.ending ?? ''}`, {
      root,
      index: false,
      // What is hidden was left out before.
      dotfiles: 'allow',
      contentType: compressed === null,
      onFile: (_, stats) => {
        stats.size = opened.stats.size
        stats.mtime = opened.stats.mtime
      },
    })
    const { statusCode, headers, stream } = answered
    if (answered.type === 'directory') return answer(response, { status: 404, text: 'Not Found\n' })
    const isAnswered = statusCode === 200 || statusCode === 206
    if (compressed && isAnswered) {
      headers['Content-Type'] = contentType(mime.getType(decodeURIComponent(path)))
      headers['Content-Encoding'] = compressed.encoding
    }
    if (varies) headers['Vary'] = 'Accept-Encoding'
    headers['X-Content-Type-Options'] = 'nosniff'
    response.writeHead(statusCode, headers)
    const start = Number(/^bytes (\d+)-/.exec(headers['Content-Range'] ?? '')?.[1] ?? 0)
    const length = Number(headers['Content-Length'])
    const body =
      isAnswered && request.method !== 'HEAD'
        ? readExactly(opened.handle, { start, length, name: place.realPath })
        : stream
    await pipeline(body, response).catch((error: unknown) => {
      // The client has left.
      if (codeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
    })
  }

  return { kind: 'static folder', handle }
}

/** Normalised. Only a target in absolute form has a host: `//name` is a path. `null`: it is not a URL. */
function urlOf(target: string): URL | null {
  const text = target.startsWith('/') ? `http://folder${target}` : target
  return URL.canParse(text) ? new URL(text) : null
}

function contentType(type: string | null): string {
  const known = type ?? 'application/octet-stream'
  return /^text\/|^application\/(?:javascript|json)$/.test(known) ? `${known}; charset=utf-8` : known
}

function answer(
  response: ServerResponse,
  {
    status,
    text,
    headers = {},
  }: { status: number; text: string; headers?: Readonly<Record<string, string>> },
): void {
  response.writeHead(status, {
    ...headers,
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(text)
}
