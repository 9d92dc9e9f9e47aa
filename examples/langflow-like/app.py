"""A small ASGI app with what Langflow serves: a health route, a run that streams events, and a WebSocket. It needs no package."""

import asyncio
import json


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "websocket":
        await chat(receive, send)
    elif scope["path"] == "/health":
        await answer(send, {"status": "ok"})
    elif scope["path"].startswith("/api/v1/run/"):
        await run_flow(scope, receive, send)
    elif scope["path"] == "/":
        await answer(send, {"scheme": scope["scheme"], "client": (scope.get("client") or [None])[0]})
    else:
        await answer(send, {"detail": "Not Found"}, status=404)


async def lifespan(receive, send):
    while (message := await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


async def answer(send, facts, status=200):
    body = json.dumps(facts).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def run_flow(scope, receive, send):
    """Streams one event for each word of the input, as a flow that runs with `stream=true`."""
    body = b""
    while (message := await receive()).get("more_body"):
        body += message["body"]
    body += message.get("body", b"")
    words = json.loads(body or b"{}").get("input_value", "hello world").split()
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for word in words:
        event = json.dumps({"event": "token", "data": {"chunk": word}})
        await send({"type": "http.response.body", "body": f"data: {event}\n\n".encode(), "more_body": True})
        await asyncio.sleep(0.01)
    end = json.dumps({"event": "end", "data": {"flow": scope["path"].rsplit("/", 1)[-1]}})
    await send({"type": "http.response.body", "body": f"data: {end}\n\n".encode()})


async def chat(receive, send):
    """Sends each text back."""
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": f"you said {message.get('text')}"})
