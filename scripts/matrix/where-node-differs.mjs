/** What the processes of `cluster` do with each other by means of Node. */
export const betweenProcesses = [
  ...['workers', 'drain', 'reload', 'recycle', 'scale', 'sticky'].map((area) => `processes/${area}/*`),
  'processes/balance/reuse-port/*',
]

/** What Node itself does, and so may do in another way in another version. */
export const whereNodeDiffers = ['tls/*', 'app/*', 'limits/*', ...betweenProcesses]
