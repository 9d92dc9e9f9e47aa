import { Outlet, Scripts } from 'react-router'

export default function App() {
  return (
    <html lang="en">
      <head>
        <link rel="icon" href="data:image/x-icon;base64,AA" />
      </head>
      <body>
        <h1>Hello, React Router</h1>
        <Outlet />
        <Scripts />
      </body>
    </html>
  )
}
