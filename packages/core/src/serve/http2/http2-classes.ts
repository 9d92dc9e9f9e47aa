import { nodeHttp2 } from '../../platform/node/node-http2.ts'
import { adoptAddedMembers } from './adopt-added-members.ts'
import { http2RequestClass } from './http2-request.ts'
import { http2ResponseClass } from './http2-response.ts'

type Request = typeof import('node:http2').Http2ServerRequest
type Response = typeof import('node:http2').Http2ServerResponse

export interface Http2Classes {
  readonly Http2Request: Request
  readonly Http2Response: Response
  readonly PinnedHttp2Request: Request
  readonly PinnedHttp2Response: Response
  /** Adds what the app has added to the classes of HTTP/1.1 by now. */
  adoptAdded(): void
}

/** The classes of the exchanges over HTTP/2. Made when they are needed, since those of Node that they extend are loaded only then. */
export function http2Classes(): Http2Classes {
  const node = nodeHttp2()
  const Http2Request = http2RequestClass(node.Http2ServerRequest, node.sensitiveHeaders)
  const Http2Response = http2ResponseClass(node.Http2ServerResponse)
  // A property that the constructor has made is the exchange's own already.
  const assigned = new Set([
    'headers',
    'rawHeaders',
    'method',
    'url',
    'authority',
    'scheme',
    'httpVersion',
    'httpVersionMajor',
    'httpVersionMinor',
    'statusCode',
    'statusMessage',
  ])
  const requestMembers = membersOf([node.Http2ServerRequest.prototype, Http2Request.prototype], assigned)
  const responseMembers = membersOf([node.Http2ServerResponse.prototype, Http2Response.prototype], assigned)

  /**
   * Requests and responses that have their members as their own. Express, also as the listener of an `http.Server`, replaces the prototype of both
   * with one of HTTP/1.1; an exchange over HTTP/2 would lose its members with the old one and end the process. It
   * takes about 15 µs for each exchange.
   */
  class PinnedHttp2Request extends Http2Request {
    constructor(...given: ConstructorParameters<Request>) {
      super(...given)
      Object.defineProperties(this, requestMembers)
    }
  }

  class PinnedHttp2Response<
    Of extends InstanceType<Request> = InstanceType<Request>,
  > extends Http2Response<Of> {
    constructor(...given: ConstructorParameters<Response>) {
      super(...given)
      Object.defineProperties(this, responseMembers)
    }
  }

  const adoptAdded = adoptAddedMembers({ request: Http2Request.prototype, response: Http2Response.prototype })
  return { Http2Request, Http2Response, PinnedHttp2Request, PinnedHttp2Response, adoptAdded }
}

/** Those of a class and of the one below it. */
function membersOf(prototypes: readonly object[], assigned: ReadonlySet<string>): PropertyDescriptorMap {
  const members: PropertyDescriptorMap = {}
  for (const prototype of prototypes)
    Object.assign(members, Object.getOwnPropertyDescriptors(prototype) as PropertyDescriptorMap)
  for (const name of ['constructor', ...assigned]) Reflect.deleteProperty(members, name)
  return members
}
