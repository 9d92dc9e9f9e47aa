// As PM2's documentation has it: it is asked to go by SIGINT, and closes its server before it does.
import { listen } from './listen.mjs'

const server = listen(JSON.parse(process.argv[2]))
process.once('SIGINT', () => server.close(() => process.exit(0)))
