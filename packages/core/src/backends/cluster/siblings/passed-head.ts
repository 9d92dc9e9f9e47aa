import type { WriteHead } from '../../../front/headers/request-head.ts'
import { fieldsAsSent } from '../../../serve/client/take-client-facts.ts'

/**
 * Writes the head of a request as its client has sent it: the sibling is the same server, and checks and changes it in the same way. What can't stay is the
 * framing over HTTP/2, and `Upgrade` where it was ignored: the sibling has not seen why.
 */
export const passedHead: WriteHead = (request, { asking } = {}) => {
  const { method = '', url = '', httpVersionMajor, httpVersion } = request
  if (!token.test(method) || invalidInTarget.test(url)) return 400
  const fields = fieldsAsSent(request)
  const isHttp2 = httpVersionMajor === 2
  let text = `${method} ${url} HTTP/${isHttp2 ? '1.1' : httpVersion}\r\n`
  let length: string | null = null
  let isChunked = false
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] as string
    const value = fields[index + 1] as string
    // Over HTTP/1.1, Node's parser has refused such a value.
    if (isHttp2 && (invalidInValue.test(value) || !token.test(name))) return 400
    switch (name.length) {
      case 7:
        if (asking === undefined && name.toLowerCase() === 'upgrade') continue
        break
      case 14:
        if (name.toLowerCase() === 'content-length') length = value
        break
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') isChunked = true
    }
    text += `${name}: ${value}\r\n`
  }
  return {
    text: `${text}\r\n`,
    body: isChunked ? 'chunked' : length === null || length === '0' ? 'none' : 'length',
  }
}

const token = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/
const invalidInTarget = /[^\x21-\x7e\x80-\xff]/
const invalidInValue = /[^\t\x20-\x7e\x80-\xff]/
