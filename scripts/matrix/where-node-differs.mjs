/** What the processes of `cluster` do with each other by means of Node. */
export const betweenProcesses = [
  ...['workers', 'drain', 'reload', 'recycle', 'scale', 'sticky'].map((area) => `processes/${area}/*`),
  'processes/balance/reuse-port/*',
]

/** What `cluster` does itself with TLS: its workers take the first certificate, later ones, and tickets of each other. */
export const tlsOfCluster = ['tls/cert/serves-*', 'tls/reload/*', 'tls/resumption/*', 'tls/watch/*']

/** What Node itself does, and so may do in another way in another version. */
export const whereNodeDiffers = ['tls/*', 'app/*', 'limits/*', ...betweenProcesses]
