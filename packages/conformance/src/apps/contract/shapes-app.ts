import type { IncomingMessage, ServerResponse } from 'node:http'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const answer =
  (text: string): Handler =>
  (_, response) =>
    void response.end(text)
const neverCalled = (): never => {
  throw new Error('Lockstep called a method of the app')
}

/** What frameworks make, as far as Lockstep recognises them. `start()` of each would fail. */
export const koa = { callback: () => answer('koa'), middleware: [], start: neverCalled }
export const express = Object.assign(answer('express'), { handle: neverCalled, use: neverCalled })
class Hono {
  readonly routes = []
  readonly fetch = (): unknown => new Response('hono')
  route(): never {
    return neverCalled()
  }
  start(): never {
    return neverCalled()
  }
}
export const hono: object = new Hono()
let isReady = false
export const fastify = {
  async ready() {
    isReady = true
  },
  routing: (_: IncomingMessage, response: ServerResponse) => void response.end(`fastify ${isReady}`),
  inject: neverCalled,
}
export const fetchObject: object = {
  port: 1,
  hostname: '192.0.2.1',
  // Only where the parameter is declared.
  fetch: (_: Request, peer: { requestIP(request: Request): { address: string } | null }) => {
    if (peer.requestIP(_)?.address !== '127.0.0.1') return new Response('not the client')
    throw new Error('fails on purpose')
  },
  error: () => new Response('fetchObject'),
}
export const fetchFunction = (_: Request): Response => new Response('a bare function')
export const factory = (): Handler => answer('factory')
export const promised = Promise.resolve(answer('promised'))
export const nodeFunction = answer('nodeFunction')
export const middleware = (_: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => {
  response.setHeader('X-Suite', 'middleware')
  next()
}
export const webSockets = {
  handleUpgrade: neverCalled,
  shouldHandle: () => true,
  options: {},
}
export class AClass {}
export const oneParameter = (request: unknown): unknown => request
export const fastifyPlugin = (fastify: unknown, _options: unknown): unknown => fastify
export const errorHandler = (_error: unknown, _request: unknown, _response: unknown, _next: unknown): void =>
  undefined
export const refusedSettings: object = {
  fetch: () => new Response('never'),
  websocket: { message: neverCalled },
  routes: { '/a': neverCalled },
  static: { '/b': neverCalled },
  middleware: [neverCalled],
  plugins: [neverCalled],
  unix: '/tmp/never.sock',
  idleTimeout: 9,
  maxRequestBodySize: 9,
  onListen: neverCalled,
}
