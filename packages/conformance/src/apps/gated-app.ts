import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'

/**
 * An app whose boot waits for files of the current folder: while there is a file `gate`, and, if there is a file `pairs`, until
 * as many processes have begun to boot as make pairs. With a file `busy` it computes for a second as soon as it was loaded.
 */
const folder = process.cwd()
writeFileSync(`${folder}/booted-${process.pid}-${threadId}`, '')
while (existsSync(`${folder}/gate`) || (existsSync(`${folder}/pairs`) && isOdd())) await pause(10)
if (existsSync(`${folder}/broken`)) throw new Error('broken for now')
if (existsSync(`${folder}/busy`)) setTimeout(compute, 3)

function compute(): void {
  for (const end = Date.now() + 1_000; Date.now() < end; );
}

function isOdd(): boolean {
  return readdirSync(folder).filter((name) => name.startsWith('booted-')).length % 2 === 1
}

export default function gatedApp(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify({ pid: process.pid, worker: `${process.pid}/${threadId}` }))
}
