// The upper limit: one process that listens itself.
import { listen } from './listen.mjs'

const { keepAliveSeconds, ...settings } = JSON.parse(process.argv[2])
const server = listen(settings)
if (keepAliveSeconds) server.keepAliveTimeout = keepAliveSeconds * 1_000
