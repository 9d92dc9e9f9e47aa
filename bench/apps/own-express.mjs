// A program of Express that calls `listen()` itself, as in its documentation.
import express from 'express'

const app = express()

app.get('/', (_request, response) => {
  response.send('Hello World!')
})

app.get('/pid', (_request, response) => {
  response.send(String(process.pid))
})

app.listen(process.env.PORT ?? 3000, '127.0.0.1')
