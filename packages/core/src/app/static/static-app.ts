import { realpath } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { codeOf } from '../../errors/thrown.ts'
import type { ServedApp } from '../served-app.ts'
import { type ChosenFile, chooseFile, type Encoding } from './choose-file.ts'

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
    const chosen = url ? await chooseFile(url.pathname, { root, single, accepts }) : 'missing'
    if (chosen === 'missing' || !url) return answer(response, { status: 404, text: 'Not Found\n' })
    if (chosen === 'needs-slash') {
      // Two slashes in front would name another host.
      const place = `${url.pathname.replace(/^\/+/, '/')}/${url.search}`
      return answer(response, { status: 301, text: 'Moved Permanently\n', headers: { Location: place } })
    }
    await sendFile(chosen, { request, response })
  }

  async function sendFile(
    { path, compressed, varies }: ChosenFile,
    { request, response }: { request: IncomingMessage; response: ServerResponse },
  ): Promise<void> {
    // What is hidden was left out before.
    const { statusCode, headers, stream } = await send(request, `${path}${compressed?.ending ?? ''}`, {
      root,
      index: false,
      dotfiles: 'allow',
      contentType: compressed === null,
    })
    const isAnswered = statusCode === 200 || statusCode === 206
    if (compressed && isAnswered) {
      headers['Content-Type'] = contentType(mime.getType(decodeURIComponent(path)))
      headers['Content-Encoding'] = compressed.encoding
    }
    if (varies) headers['Vary'] = 'Accept-Encoding'
    headers['X-Content-Type-Options'] = 'nosniff'
    response.writeHead(statusCode, headers)
    await pipeline(stream, response).catch((error: unknown) => {
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
