/** Answers "hello" with its process id. */
export default function hello(_request, response) {
  response.setHeader('Content-Type', 'application/json')
  response.end(`{"pid":${process.pid}}`)
}
