"""The apps of the suite in Python, for backends that run Gunicorn or Uvicorn. ASGI 3.0; each does what its twin in src/apps does."""

import asyncio
import json
import os
import re
import signal
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs

_slow = 0


async def _body_length(receive):
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return length
        length += len(message.get("body", b""))
        if not message.get("more_body"):
            return length


async def _start(send, headers=()):
    fields = [(b"content-type", b"application/json"), *headers]
    await send({"type": "http.response.start", "status": 200, "headers": fields})


async def _answer(send, facts, headers=()):
    # As JSON.stringify() writes it: some cases compare the text.
    body = json.dumps(facts, separators=(",", ":")).encode()
    await _start(send, [(b"content-length", str(len(body)).encode()), *headers])
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive, send):
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _worker():
    return {"pid": os.getpid(), "worker": f"{os.getpid()}/0"}


def _process():
    umask = os.umask(0)
    os.umask(umask)
    return {
        "uid": os.getuid(),
        "gid": os.getgid(),
        "groups": os.getgroups(),
        "folder": os.getcwd(),
        "umask": umask,
    }


async def observable(scope, receive, send):
    """The app that the cases talk to: each path makes something visible, or makes something happen."""
    global _slow
    if scope["type"] == "lifespan":
        return await _lifespan(receive, send)
    if scope["type"] != "http":
        return None
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    path = scope["path"]
    query = parse_qs(scope["query_string"].decode("latin-1"))
    ms = int(query.get("ms", ["0"])[0])
    if path == "/exchange":
        target = scope.get("raw_path", path.encode()).decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        facts = {"httpVersion": scope["http_version"], "method": scope["method"], "url": target}
        return await _answer(send, {**facts, "host": headers.get("host"), "bytes": await _body_length(receive)})
    if path == "/claims":
        claims = [name for name in headers if re.match(r"x[-_]|forwarded|client", name)]
        facts = {"headers": {name: headers[name] for name in claims}, "raw": claims, "distinct": claims}
        return await _answer(send, facts)
    if path == "/peer":
        return await _answer(send, {"address": headers.get("x-forwarded-for"), "port": None})
    if path == "/pid":
        return await _answer(send, _worker())
    if path == "/process":
        return await _answer(send, _process())
    if path == "/arguments":
        return await _answer(send, {"words": sys.argv})
    if path == "/tls":
        encrypted = scope["scheme"] == "https" or headers.get("x-forwarded-proto") == "https"
        return await _answer(send, {"encrypted": encrypted, "authorized": "client-cert" in headers})
    if path == "/slow":
        _slow += 1
        try:
            await asyncio.sleep(ms / 1000)
        finally:
            _slow -= 1
        return await _answer(send, {"waitedMs": ms})
    if path == "/block":
        await _start(send)
        # The client knows from the head of the answer that it has begun.
        await send({"type": "http.response.body", "body": b" ", "more_body": True})
        await asyncio.sleep(0.05)
        time.sleep(ms / 1000)
        return await send({"type": "http.response.body", "body": json.dumps({"blockedMs": ms}).encode()})
    if path == "/crash":
        await _answer(send, _worker(), [(b"connection", b"close")])
        asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), signal.SIGKILL)
        return None
    if path == "/in-flight":
        return await _answer(send, {"slow": _slow})
    if path in ("/large", "/large-in-pieces"):
        await _start(send, [(b"content-length", str(24 * 2**20).encode())])
        for _ in range(24):
            await send({"type": "http.response.body", "body": bytes(2**20), "more_body": True})
        return await send({"type": "http.response.body", "body": b""})
    if path == "/body":
        return await _answer(send, {"bytes": await _body_length(receive)})
    await _body_length(receive)
    return await _answer(send, {"app": "observable", "path": path})


async def recording(scope, receive, send):
    """Writes each request that it sees to `requests.jsonl` in the current folder, as the twin in recording-app.ts."""
    if scope["type"] == "lifespan":
        return await _lifespan(receive, send)
    if scope["type"] != "http":
        return None
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    target = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
    if scope["query_string"]:
        target += "?" + scope["query_string"].decode("latin-1")
    facts = {
        "method": scope["method"],
        "target": target,
        "version": scope["http_version"],
        "host": dict(fields).get("host", ""),
        "fields": [text for field in fields for text in field],
    }
    _record({"event": "begun", **facts})
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    _record({"event": "complete", **facts, "body": body.decode("latin-1")})
    await _start(send, [(b"content-length", b"5")])
    await send({"type": "http.response.body", "body": b"seen\n"})


def _record(line):
    with open("requests.jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


async def never_ready(scope, receive, send):
    """Its boot never ends."""
    if scope["type"] == "lifespan":
        await asyncio.Event().wait()


async def gated(scope, receive, send):
    """Its boot waits for files of the current folder, as the twin in gated-app.ts."""
    if scope["type"] == "lifespan":
        folder = Path.cwd()
        (folder / f"booted-{os.getpid()}").touch()
        while (folder / "gate").exists() or ((folder / "pairs").exists() and _is_odd(folder)):
            await asyncio.sleep(0.01)
        if (folder / "broken").exists():
            # An exception would mean to the servers that the app has no startup.
            await receive()
            return await send({"type": "lifespan.startup.failed", "message": "broken for now"})
        return await _lifespan(receive, send)
    await _body_length(receive)
    return await _answer(send, _worker())


def _is_odd(folder):
    return len(list(folder.glob("booted-*"))) % 2 == 1


def __getattr__(name):
    if name == "throws_on_load":
        raise RuntimeError("this app fails while it is loaded")
    raise AttributeError(name)
