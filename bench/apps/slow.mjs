import { setTimeout as pause } from 'node:timers/promises'

/** Takes 800 ms for each answer, and says which process it is. */
export default async function slow(_request, response) {
  await pause(800)
  response.setHeader('Content-Type', 'application/json')
  response.end(`{"pid":${process.pid}}`)
}
