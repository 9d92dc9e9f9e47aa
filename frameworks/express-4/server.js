const express = require('express')
const app = express()
const port = 3000

app.use(express.json())

app.get('/', (req, res) => {
  res.send('Hello World!')
})

app.post('/echo', (req, res) => {
  res.json(req.body)
})

app.get('/slow', (req, res) => {
  console.log('slow request')
  setTimeout(() => res.send('done'), 700)
})

app.get('/events', (req, res) => {
  res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
  res.flushHeaders()
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

app.listen(port, () => {
  console.log(`Example app listening on port ${port}`)
})
