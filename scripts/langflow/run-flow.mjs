import { ask } from './ask.mjs'

/** Creates a flow of a chat input and a chat output, which needs no key of a model, and runs it as a stream of events. */
export async function runFlow(base, { ca, input }) {
  const call = async (method, path, { headers, body } = {}) => {
    const answer = await ask(`${base}${path}`, { method, ca, headers, body })
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 500)}`)
    return answer
  }
  const json = async (...args) => JSON.parse((await call(...args)).body)
  const { access_token: token } = await json('GET', '/api/v1/auto_login')
  const headers = { authorization: `Bearer ${token}` }
  const user = await json('GET', '/api/v1/users/whoami', { headers })
  const components = await json('GET', '/api/v1/all', { headers })
  const flow = await json('POST', '/api/v1/flows/', { headers, body: echoFlow(components) })
  const { api_key: key } = await json('POST', '/api/v1/api_key/', { headers, body: { name: 'lockstep' } })
  const answer = await call('POST', `/api/v1/run/${flow.id}?stream=true`, {
    headers: { 'x-api-key': key },
    body: { input_value: input, input_type: 'chat', output_type: 'chat' },
  })
  const events = answer.body
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line.replace(/^data: /, '')))
  return {
    user: user.username,
    type: answer.type,
    events: events.map(({ event }) => event),
    body: answer.body,
  }
}

function echoFlow(components) {
  const component = (name) => Object.values(components).find((group) => group?.[name])[name]
  const output = component('ChatOutput')
  const node = (id, type) => ({
    id,
    type: 'genericNode',
    position: { x: 0, y: 0 },
    data: { id, type, node: component(type) },
  })
  const { type, input_types: inputTypes } = output.template.input_value
  const source = { dataType: 'ChatInput', id: 'ChatInput-a', name: 'message', output_types: ['Message'] }
  const target = { fieldName: 'input_value', id: 'ChatOutput-b', inputTypes, type }
  // Langflow writes JSON in its handles with this letter for each quote.
  const handle = (value) => JSON.stringify(value).replaceAll('"', 'œ')
  const edge = {
    id: 'edge',
    source: source.id,
    target: target.id,
    sourceHandle: handle(source),
    targetHandle: handle(target),
    data: { sourceHandle: source, targetHandle: target },
  }
  const nodes = [node(source.id, 'ChatInput'), node(target.id, 'ChatOutput')]
  return { name: 'echo', data: { nodes, edges: [edge], viewport: { x: 0, y: 0, zoom: 1 } } }
}
