var restify = require('restify')

function respond(req, res, next) {
  res.send('hello ' + req.params.name)
  next()
}

var server = restify.createServer()
server.use(restify.plugins.bodyParser())

server.get('/hello/:name', respond)
server.head('/hello/:name', respond)

server.post('/echo', function (req, res, next) {
  res.send(req.body)
  next()
})

server.get('/slow', function (req, res, next) {
  console.log('slow request')
  setTimeout(function () {
    res.send('done')
    next()
  }, 700)
})

server.get('/events', function (req, res, next) {
  res.writeHead(200, { 'Content-Type': 'text/event-stream' })
  var count = 0
  var timer = setInterval(function () {
    res.write('data: ' + count + '\n\n')
    count += 1
    if (count === 3) {
      clearInterval(timer)
      res.end()
      next()
    }
  }, 150)
})

server.listen(8080, function () {
  console.log('%s listening at %s', server.name, server.url)
})
