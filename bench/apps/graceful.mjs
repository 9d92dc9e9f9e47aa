// As PM2's documentation describes: it gets SIGINT, and closes its server before it exits.
import { listen } from './listen.mjs'

const server = listen(JSON.parse(process.argv[2]))
process.once('SIGINT', () => server.close(() => process.exit(0)))
