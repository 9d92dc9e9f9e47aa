/** Each subject once, one after the other: `servers` are `{ name, server }`. All are stopped at the end of the scope. */
export async function startAll(subjects, settings) {
  await using stack = new AsyncDisposableStack()
  const servers = []
  for (const { name, start } of subjects) servers.push({ name, server: stack.use(await start(settings)) })
  const kept = stack.move()
  return { servers, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
