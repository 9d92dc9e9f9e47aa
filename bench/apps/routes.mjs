import { setTimeout as pause } from 'node:timers/promises'
import { isMainThread, threadId } from 'node:worker_threads'

const words = 'a launcher sits between the options of a user and the processes that serve'.split(' ')
const entries = Array.from({ length: 126 }, (_, index) => ({
  id: index,
  name: `${words[index % words.length]} ${words[(index * 7) % words.length]}`,
  price: index * 1.25,
  isActive: index % 3 === 0,
  tags: [words[index % 5], words[index % 11]],
}))
// Workers that are threads share their pid.
const self = isMainThread ? `{"pid":${process.pid}}` : `{"pid":${process.pid},"thread":${threadId}}`
const sized = new Map()
const large = Buffer.alloc(1_048_576, 'lockstep ')

/**
 * The routes of the benchmarks: a word, 10 KB of JSON that is generated each time, 1 MB, as many bytes as the path says, and an answer that takes 800 ms. The
 * analogues answer the same. Only the last one is a promise: the launcher answers 500 for a promise that rejects, which is 4 % of what hello world
 * costs, and bare Node would end the process.
 */
export default function routes({ url }, response) {
  if (url === '/json') answer(response, 'application/json', JSON.stringify(entries))
  else if (url === '/large') answer(response, 'application/octet-stream', large)
  else if (url.startsWith('/bytes/'))
    answer(response, 'application/octet-stream', bytes(Number(url.slice(7))))
  else if (url === '/pid') answer(response, 'application/json', self)
  else if (url === '/slow') return pause(800).then(() => answer(response, 'text/plain', 'at last'))
  else answer(response, 'text/plain', 'hello')
}

function answer(response, type, body) {
  response.setHeader('Content-Type', type)
  response.setHeader('Content-Length', Buffer.byteLength(body))
  response.end(body)
}

/** The same bytes each time. */
function bytes(count) {
  if (!sized.has(count)) sized.set(count, Buffer.alloc(count, 'lockstep '))
  return sized.get(count)
}
