"""What routes.mjs answers, as an ASGI app."""
import asyncio

from wsgi_routes import hello, routes


async def slow():
    await asyncio.sleep(0.8)
    return b"at last"


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    content_type, make = routes.get(scope["path"], hello)
    body = await slow() if scope["path"] == "/slow" else make()
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
