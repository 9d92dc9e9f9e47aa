// Preloaded when `node` itself runs a quick start. It moves a port that is written in the code to a free one of 127.0.0.1, so that nothing
// listens on all interfaces, and prints where the first HTTP server listens. A server for a port in OWN_PORTS is left out.
const { Server: HttpServer } = require('node:http')
const { Server } = require('node:net')

const { listen } = Server.prototype
const ownPorts = (process.env.OWN_PORTS ?? '').split(' ')
let isAnnounced = false

Server.prototype.listen = function listenLocally(...args) {
  const callback = args.find((each) => typeof each === 'function')
  const port = String(args[0]?.port ?? args[0])
  if (this instanceof HttpServer && !isAnnounced && !ownPorts.includes(port)) {
    isAnnounced = true
    this.once('listening', () => console.log(`control: http://127.0.0.1:${this.address().port}/`))
  }
  return listen.call(this, { host: '127.0.0.1', port: 0 }, callback)
}
