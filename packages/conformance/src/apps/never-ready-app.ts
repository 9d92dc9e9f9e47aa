/** A factory that never returns an app. The timer keeps the process from exiting because it has nothing to do. */
export default function neverReadyApp(): Promise<never> {
  setInterval(() => undefined, 1_000)
  return new Promise(() => undefined)
}
