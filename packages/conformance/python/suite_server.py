"""A subject program for backends that start programs: `python3 suite_server.py NAME PORT`. It needs only the standard library.

It serves an app of the suite on 127.0.0.1 with http.server, knows nothing of Lockstep, and believes what its proxy says of the client. NAME is
`observable`, `never-ready`, `throws-on-load`, `recording` or `gated`. docs/writing-a-backend.md lists the routes.
"""

import json
import os
import re
import signal
import stat
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

_busy = threading.Lock()
_counts = {"slow": 0, "requests": 0}
_counting = threading.Lock()


def _count(name, by):
    with _counting:
        _counts[name] += by


class Observable(BaseHTTPRequestHandler):
    """The app that the cases talk to: each path makes something visible, or makes something happen."""

    protocol_version = "HTTP/1.1"

    @staticmethod
    def boot():
        pass

    # A body in a packet of its own would wait for the acknowledgement of the head.
    wbufsize = -1

    def log_message(self, *_):
        pass

    def handle_expect_100(self):
        handled = super().handle_expect_100()
        self.wfile.flush()
        return handled

    def _handle(self):
        _count("requests", 1)
        try:
            self.answer()
            self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            _count("requests", -1)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _handle

    def body(self):
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            parts = []
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                if size == 0:
                    break
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            while self.rfile.readline() not in (b"\r\n", b"\n", b""):
                pass
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("content-length", 0)))

    def begin(self, length=None, headers=()):
        self.send_response(200)
        self.send_header("content-type", "application/json")
        for name, value in headers:
            self.send_header(name, value)
        if length is None:
            self.send_header("transfer-encoding", "chunked")
        else:
            self.send_header("content-length", str(length))
        self.end_headers()

    def say(self, facts, headers=()):
        # As JSON.stringify() writes it: some cases compare the text.
        text = json.dumps(facts, separators=(",", ":")).encode()
        self.begin(len(text), headers)
        if self.command != "HEAD":
            self.wfile.write(text)

    def answer(self):
        url = urlsplit(self.path)
        ms = int(parse_qs(url.query).get("ms", ["0"])[0])
        with _busy:
            length = len(self.body())
        pid = os.getpid()
        who = {"pid": pid, "worker": f"{pid}/0"}
        match url.path:
            case "/exchange":
                facts = {"httpVersion": self.request_version.removeprefix("HTTP/"), "method": self.command}
                self.say({**facts, "url": self.path, "host": self.headers.get("host"), "bytes": length})
            case "/claims":
                names = [name.lower() for name in self.headers if re.match(r"x[-_]|forwarded|client", name, re.I)]
                self.say({"headers": {name: self.headers[name] for name in names}, "raw": names, "distinct": names})
            case "/peer":
                self.say({"address": self.headers.get("x-forwarded-for"), "port": None})
            case "/pid":
                self.say(who)
            case "/process":
                umask = os.umask(0)
                os.umask(umask)
                facts = {"uid": os.getuid(), "gid": os.getgid(), "groups": os.getgroups()}
                self.say({**facts, "folder": os.getcwd(), "umask": umask})
            case "/arguments":
                self.say({"words": sys.argv})
            case "/tls":
                encrypted = self.headers.get("x-forwarded-proto") == "https"
                self.say({"encrypted": encrypted, "authorized": "client-cert" in self.headers})
            case "/slow":
                _count("slow", 1)
                try:
                    time.sleep(ms / 1000)
                finally:
                    _count("slow", -1)
                self.say({"waitedMs": ms})
            case "/in-flight":
                self.say({"slow": _counts["slow"]})
            case "/block":
                # The client knows from the head of the answer that it has begun. Nothing else is answered meanwhile.
                with _busy:
                    text = json.dumps({"blockedMs": ms}).encode()
                    self.begin(len(text))
                    self.wfile.flush()
                    time.sleep(ms / 1000)
                self.wfile.write(text)
            case "/crash":
                self.say(who, [("connection", "close")])
                self.wfile.flush()
                threading.Timer(0.05, os.kill, (pid, signal.SIGKILL)).start()
                self.close_connection = True
            case "/large" | "/large-in-pieces":
                self.begin(24 * 2**20)
                for _ in range(24):
                    self.wfile.write(bytes(2**20))
            case "/body":
                self.say({"bytes": length})
            case _:
                self.say({"app": "observable", "path": url.path})


class Recording(Observable):
    """Writes each request that it sees to `requests.jsonl` in the current folder."""

    def answer(self):
        fields = list(self.headers.items())
        facts = {
            "method": self.command,
            "target": self.path,
            "version": self.request_version.removeprefix("HTTP/"),
            "host": self.headers.get("host", ""),
            "fields": [text for field in fields for text in field],
        }
        _record({"event": "begun", **facts})
        body = self.body().decode("latin-1")
        _record({"event": "complete", **facts, "body": body})
        self.begin(5)
        if self.command != "HEAD":
            self.wfile.write(b"seen\n")


class Gated(Observable):
    """Its boot waits for files of the current folder."""

    def answer(self):
        self.body()
        self.say({"pid": os.getpid(), "worker": f"{os.getpid()}/0"})

    @staticmethod
    def boot():
        folder = Path.cwd()
        (folder / f"booted-{os.getpid()}").touch()
        while (folder / "gate").exists() or ((folder / "pairs").exists() and len([*folder.glob("booted-*")]) % 2):
            time.sleep(0.01)
        if (folder / "broken").exists():
            sys.exit("broken for now")


class NeverReady(Observable):
    """Its boot never ends."""

    @staticmethod
    def boot():
        threading.Event().wait()


class ThrowsOnLoad(Observable):
    """Its boot fails."""

    @staticmethod
    def boot():
        raise RuntimeError("this app fails while it is loaded")


apps = {
    "observable": Observable,
    "never-ready": NeverReady,
    "throws-on-load": ThrowsOnLoad,
    "recording": Recording,
    "gated": Gated,
}


def _record(line):
    with _counting, open("requests.jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _end_with_standard_input():
    """What started this program is gone when the pipe ends."""
    if stat.S_ISFIFO(os.fstat(0).st_mode) or stat.S_ISSOCK(os.fstat(0).st_mode):
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()


def main():
    name, port = sys.argv[1:3]
    app = apps[name]
    _end_with_standard_input()
    app.boot()
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), app)
    def end(*_):
        def drain():
            server.shutdown()
            while _counts["requests"] > 0:
                time.sleep(0.01)
            os._exit(0)

        threading.Thread(target=drain).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    server.serve_forever(poll_interval=0.05)


main()
