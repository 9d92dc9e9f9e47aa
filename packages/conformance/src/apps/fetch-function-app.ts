/** A bare function of the Fetch API: by its shape alone it could be something else. */
export default function fetchFunctionApp(request: Request): Response {
  const { pathname, origin } = new URL(request.url)
  return Response.json({ app: 'fetch function', path: pathname, ...(pathname === '/origin' && { origin }) })
}
