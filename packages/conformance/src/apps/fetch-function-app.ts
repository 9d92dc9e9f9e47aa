/** A bare function of the Fetch API: by its shape alone it could be something else. */
export default function fetchFunctionApp(request: Request): Response {
  return Response.json({ app: 'fetch function', path: new URL(request.url).pathname })
}
