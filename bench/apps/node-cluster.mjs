// node:cluster as in its documentation: the primary forks, passes connections to the workers, and forks again when a worker dies.
import cluster from 'node:cluster'
import { listen } from './listen.mjs'

const { workers, ...settings } = JSON.parse(process.argv[2])
if (cluster.isPrimary) {
  for (let count = 0; count < workers; count += 1) cluster.fork()
  cluster.on('exit', () => cluster.fork())
} else listen(settings)
