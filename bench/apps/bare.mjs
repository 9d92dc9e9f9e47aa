// The limit: one process that listens itself.
import { listen } from './listen.mjs'

listen(JSON.parse(process.argv[2]))
