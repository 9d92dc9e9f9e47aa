/** What Node itself does, and so may do in another way in another version. Under Node 22 and 26 `cluster` runs it, through the door `launch`. */
export const whereNodeDiffers = [
  ...['tls/*', 'app/*', 'limits/*'],
  ...['workers', 'drain', 'reload', 'recycle', 'scale', 'sticky'].map((area) => `processes/${area}/*`),
  'processes/balance/reuse-port/*',
]
