"""What routes.mjs answers, as a WSGI app."""
import json
import os
import time

words = "a launcher sits between the options of a user and the processes that serve".split(" ")


def number(value):
    """As JSON.stringify writes it: without a fraction that is nought."""
    return int(value) if value == int(value) else value


entries = [
    {
        "id": index,
        "name": f"{words[index % len(words)]} {words[(index * 7) % len(words)]}",
        "price": number(index * 1.25),
        "isActive": index % 3 == 0,
        "tags": [words[index % 5], words[index % 11]],
    }
    for index in range(126)
]
large = (b"lockstep " * 116_509)[:1_048_576]


def ten_kilobytes():
    return json.dumps(entries, separators=(",", ":")).encode()


def process_id():
    return b'{"pid":%d}' % os.getpid()


def slow():
    time.sleep(0.8)
    return b"at last"


routes = {
    "/json": ("application/json", ten_kilobytes),
    "/large": ("application/octet-stream", lambda: large),
    "/pid": ("application/json", process_id),
    "/slow": ("text/plain", slow),
}
hello = ("text/plain", lambda: b"hello")


def app(environ, start_response):
    content_type, make = routes.get(environ["PATH_INFO"], hello)
    body = make()
    start_response("200 OK", [("Content-Type", content_type), ("Content-Length", str(len(body)))])
    return [body]
