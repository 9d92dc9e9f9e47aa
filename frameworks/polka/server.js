const { text } = require('node:stream/consumers')
const polka = require('polka')

polka()
  .get('/users/:id', (req, res) => {
    res.end(`User: ${req.params.id}`)
  })
  .post('/echo', async (req, res) => {
    res.end(await text(req))
  })
  .get('/slow', (req, res) => {
    console.log('slow request')
    setTimeout(() => res.end('done'), 700)
  })
  .get('/events', (req, res) => {
    res.writeHead(200, { 'Content-Type': 'text/event-stream' })
    let count = 0
    const timer = setInterval(() => {
      res.write(`data: ${count}\n\n`)
      count += 1
      if (count === 3) {
        clearInterval(timer)
        res.end()
      }
    }, 150)
  })
  .listen(3000, (err) => {
    if (err) throw err
    console.log(`> Running on localhost:3000`)
  })
