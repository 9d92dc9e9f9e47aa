var express = require('express')
var app = express()
var expressWs = require('express-ws')(app)

app.get('/', function (req, res, next) {
  res.send('Hello World!')
})

app.get('/slow', function (req, res) {
  console.log('slow request')
  setTimeout(() => res.send('done'), 700)
})

app.ws('/echo', function (ws, req) {
  ws.on('message', function (msg) {
    ws.send(msg)
  })
})

app.listen(3000)
