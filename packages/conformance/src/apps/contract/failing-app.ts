/** Ends its process while it is loaded, in the way that a variable names. */
if (process.env['SUITE_FAILS'] === 'exit') process.exit(9)
if (process.env['SUITE_FAILS'] === 'uncaught')
  setTimeout(() => {
    throw new Error('nothing catches this')
  })

// What follows is reached once the timer has fired.
await new Promise((resolve) => setTimeout(resolve, 200))

export default function failingApp(_: unknown, response: { end(text: string): void }): void {
  response.end('the app went on')
}
