// The same program with the cluster of Node, as its documentation shows it.
import cluster from 'node:cluster'

if (cluster.isPrimary) for (let count = 0; count < 2; count += 1) cluster.fork()
else await import('./own-fastify.mjs')
