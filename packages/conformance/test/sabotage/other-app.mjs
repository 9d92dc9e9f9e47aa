export default (_request, response) => response.end('{"app":"another"}')
