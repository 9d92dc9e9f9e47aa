import { index, route } from '@react-router/dev/routes'

export default [
  index('routes/home.jsx'),
  route('echo', 'routes/echo.js'),
  route('slow', 'routes/slow.js'),
  route('events', 'routes/events.js'),
]
