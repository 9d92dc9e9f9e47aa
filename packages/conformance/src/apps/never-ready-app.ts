/** A factory that never gives an app. The timer keeps the process from ending for want of anything to do. */
export default function neverReadyApp(): Promise<never> {
  setInterval(() => undefined, 1_000)
  return new Promise(() => undefined)
}
