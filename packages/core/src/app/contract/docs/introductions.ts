import type { ContractSectionName } from '../rows/app-contract.ts'

/** What precedes the tables of `docs/app-contract.md`. */
export const beginning = `# What an app may bring

<!-- Generated from the table in packages/core/src/app/contract/rows by \`npm run docs\`. Do not edit. -->

Each row says what happens to one thing that an app brings or asks for: it is honoured, or the
launch is refused with the code of an error. Nothing is dropped silently. A conformance case
observes each row, where it can be seen from outside.

The backends \`single\` and \`cluster\` load the app into a process of Node. Unless a row names one of
them, both do the same. \`command\`, \`gunicorn\` and \`uvicorn\` start a program, which loads its own
app; a line below each table says what that means.
`

/** What precedes the table of each section. Paragraphs are wrapped when they are written. */
export const introductions: { readonly [Name in ContractSectionName]: string } = {
  export: 'Lockstep imports the module of the app, and takes one export of it.',
  shape:
    'An app is a function, an object of a framework, or a server. It never listens itself: Lockstep binds the addresses and ends TLS.',
  'fetch-setting':
    'The object with `fetch` that Bun or Deno serves works unchanged. What Lockstep cannot honour is refused by name. A program that calls `Deno.serve()` or `Bun.serve()` fails under Node: export the handler instead.',
  lifespan: '[The lifespan of an app](lifespan.md) explains both functions, with an example.',
  listening:
    'Lockstep binds the addresses, so an app need not listen.\n\nA program may open a second port, such as one for metrics. `--app-port 9464` allows it, and says that the server at this port is not the app: `lockstep run server.js --app-port 9464`. Under `cluster` the workers share the port, as under PM2 and node:cluster. A page of metrics then shows the worker that the connection has reached. For a page of each worker, give each one a port: `--app-port 9101,9102`, and `listen(9100 + Number(process.env.LOCKSTEP_WORKER))` in the program.',
  tls: 'Lockstep ends TLS. What does so itself is refused, beside `--tls-cert` too: with two certificates, or two rules for clients, one would have to be dropped.',
  'tls-setting': 'The error names each of these that the server has, and the option that does the same.',
  setting:
    'A server that an app exports never listens, and Lockstep honours its settings. A value that differs from the default of Node counts as set by the app. It overrides the default of an option. A value that the user sets overrides it, and the log says so.\n\nFastify sets `requestTimeout` to 0 by default. That does not count as set by the app, so the limit of Lockstep holds.',
  event:
    'Lockstep calls the listeners when Node would, with the server as `this`, the same arguments, and in the same order. Listeners that are added later count too. What a listener throws, or rejects with, is logged, and costs the connection at most.',
  member: 'They answer for the server that serves instead.',
  upgrade:
    'An upgrade passes the same limits and checks as a request. The access log gets its line when the connection closes, with the status that the app wrote and the bytes after the head.',
  signal:
    'Lockstep decides when an app may act on a signal, so that no listener cuts a request. [The lifespan of an app](lifespan.md#listeners-for-signals) has the details. A program that calls `launch()` owns its process: under `single`, Node calls each listener when the signal comes.',
  message: '[Messages](messages.md) has the details, and what differs in a program that calls `launch()`.',
  process:
    'Under `single`, the app runs in the process of the launcher. Under `cluster`, each worker is a process.',
  node: 'They are set in `NODE_OPTIONS`, in the environment or in `.env`, or before the script of the launcher. Instrumentation such as OpenTelemetry or Sentry must be loaded before the modules that it watches: use `--import`.',
  child: 'An app may start what it likes.',
}
