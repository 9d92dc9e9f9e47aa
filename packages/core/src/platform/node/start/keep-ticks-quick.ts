const kept: object[] = []

/**
 * Keeps `process.nextTick()` as quick as it is at first. Node makes an object for each call, of a shape that V8 forgets when a garbage collection finds no
 * such object. Code for that shape then takes the slow way for as long as the process lives: 400 ns a call instead of 60, and a
 * request makes seven. On a busy machine 10 of 28 starts of a program were like that, and none of 40 since one object is kept. It
 * is the one of the call itself, by `async_hooks.executionAsyncResource()`.
 */
export function keepTicksQuick(): void {
  if (kept.length > 0) return
  process.nextTick(() => {
    kept.push(process.getBuiltinModule('node:async_hooks').executionAsyncResource())
  })
}
