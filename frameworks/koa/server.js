const Koa = require('koa')
const { PassThrough } = require('node:stream')
const { text } = require('node:stream/consumers')
const { setTimeout: pause } = require('node:timers/promises')
const app = new Koa()

async function sendEvents(stream) {
  for (let count = 0; count < 3; count += 1) {
    stream.write(`data: ${count}\n\n`)
    await pause(150)
  }
  stream.end()
}

app.use(async (ctx) => {
  if (ctx.path === '/echo') {
    ctx.body = JSON.parse(await text(ctx.req))
  } else if (ctx.path === '/slow') {
    console.log('slow request')
    await pause(700)
    ctx.body = 'done'
  } else if (ctx.path === '/events') {
    ctx.type = 'text/event-stream'
    ctx.body = new PassThrough()
    void sendEvents(ctx.body)
  } else {
    ctx.body = 'Hello World!'
  }
})

app.listen(3000)
