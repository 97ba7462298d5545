"""Sends the declaration and the state of a runtime to a medkit gateway, over loopback UDP or a Unix stream socket.

Never waits. The message layout is in medkit's docs/ingest.md. For observation only: no safety function may depend on it.
Needs Python 3.8 and its standard library.

    with IngestSender("udp:127.0.0.1:7799", key=read_key(text), session=session()) as sender:
        sender.declare(declaration)               # first, and about once a second
        sender.state([0.5, 1.2, 0.45], [PASSED])  # in every cycle

SPDX-License-Identifier: Apache-2.0
"""

import hashlib
import hmac
import json
import re
import socket
import struct
import time

UNTESTED, PASSED, FAILED = 0, 1, 2

_MAX_JSON = 60_000
_MAX_PORTS = 256
_MAX_FAULTS = 64
_DECLARATION, _STATE = 1, 2
_HEADER = struct.Struct("<4sBBHQQQ")
_COUNTS = struct.Struct("<HHI")
_FAULT = struct.Struct("<B3xI")
_MAC_BYTES = 16
_RETRY_S = 0.2


def read_key(text):
    """Parses the text of a key file: 64 hexadecimal digits, optionally surrounded by white space. Raises ValueError."""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text.strip()):
        raise ValueError("a key has 64 hexadecimal digits; make one with: openssl rand -hex 32")
    return bytes.fromhex(text.strip())


def session():
    """Session from the wall clock: microseconds since 1970. If the clock may be set back, store a counter instead."""
    return time.time_ns() // 1000


class IngestWriter:
    """Creates the messages of one session. ``key``: 32 octets or None. ``session``: greater than in any earlier run."""

    def __init__(self, key, session):
        self._key = key
        self._session = session
        self._sequence = 0
        self._revision = 0
        self._declared = None
        self._types = []
        self._results = []
        self._occurrences = []

    def declare(self, declaration):
        """Sets the declaration, a dictionary or JSON. A different one starts a new revision: fault counts start at 0."""
        text = declaration if isinstance(declaration, str) else _json_of(declaration)
        octets = text.encode()
        if octets == self._declared:
            return
        if len(octets) > _MAX_JSON:
            raise ValueError(f"the declaration has {len(octets)} octets: at most {_MAX_JSON} are allowed")
        apps = json.loads(text)["apps"]
        types = [port["type"] for app in apps for port in app["ports"]]
        faults = sum(len(app["faults"]) for app in apps)
        if len(types) > _MAX_PORTS or faults > _MAX_FAULTS:
            raise ValueError(f"{len(types)} ports and {faults} faults: at most {_MAX_PORTS} and {_MAX_FAULTS}")
        self._types = types
        self._results = [UNTESTED] * faults
        self._occurrences = [0] * faults
        self._declared = octets
        self._revision = (self._revision + 1) % 0x10000

    def declaration(self, time_us):
        """Returns the message of the latest declaration."""
        if self._declared is None:
            raise ValueError("nothing was declared")
        return self._sealed(_DECLARATION, time_us, self._declared)

    def count(self, results):
        """Counts how often each result becomes FAILED. Call it for unsent states too: the next one includes them."""
        if len(results) != len(self._results) or any(result not in (UNTESTED, PASSED, FAILED) for result in results):
            raise ValueError(f"expected {len(self._results)} results, each UNTESTED, PASSED or FAILED")
        for at, result in enumerate(results):
            if result == FAILED and self._results[at] != FAILED:
                self._occurrences[at] = (self._occurrences[at] + 1) % 0x100000000
            self._results[at] = result

    def state(self, time_us, ports):
        """Returns the state message: ports in the order of the declaration, and the faults as last counted."""
        if len(ports) != len(self._types):
            raise ValueError(f"expected {len(self._types)} ports, found {len(ports)}")
        values = (
            struct.pack("<d", value) if kind == "float64" else struct.pack("<q", bool(value) if kind == "bool" else value)
            for kind, value in zip(self._types, ports)
        )
        faults = (_FAULT.pack(*fault) for fault in zip(self._results, self._occurrences))
        body = [_COUNTS.pack(len(ports), len(self._results), 0), *values, *faults]
        return self._sealed(_STATE, time_us, b"".join(body))

    def _sealed(self, kind, time_us, body):
        self._sequence += 1
        header = _HEADER.pack(b"MKIN", 1, kind, self._revision, self._session, self._sequence, time_us)
        code = hmac.new(self._key, header + body, hashlib.sha256).digest() if self._key else bytes(_MAC_BYTES)
        return header + body + code[:_MAC_BYTES]


class IngestSender:
    """Sends the messages of one session to ``udp:127.0.0.1:<port>`` or ``unix:/<path>``, with or without a gateway there.

    UDP requires a key. No call waits: what cannot be sent immediately is dropped, but the next state's counters include it.
    """

    def __init__(self, address, key, session):
        self._family, self._target = _target_of(address)
        if self._family == socket.AF_INET and key is None:
            raise ValueError(f"{address} needs a key: make one with: openssl rand -hex 32")
        self._writer = IngestWriter(key, session)
        self._socket = None
        self._tried_s = None
        self._rest = b""
        self._is_ready()

    def declare(self, declaration):
        """Sends the declaration. Returns True if it was sent, False if it was dropped."""
        self._writer.declare(declaration)
        return self._is_free() and self._send(self._writer.declaration(_now_us()))

    def state(self, ports, results):
        """Sends the state of every port and fault. Returns True if it was sent, False if it was dropped."""
        self._writer.count(results)
        return self._is_free() and self._send(self._writer.state(_now_us(), ports))

    def close(self):
        """Closes the sender."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None
        # The rest of a partly sent frame belongs to this connection.
        self._rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _is_ready(self):
        """Returns whether a socket is open. Tries to open one at most five times a second."""
        if self._socket is not None:
            return True
        now = time.monotonic()
        if self._tried_s is not None and now - self._tried_s < _RETRY_S:
            return False
        self._tried_s = now
        is_stream = self._family == socket.AF_UNIX
        try:
            self._socket = socket.socket(self._family, socket.SOCK_STREAM if is_stream else socket.SOCK_DGRAM)
            self._socket.setblocking(False)
            if is_stream:
                self._socket.connect(self._target)
        except OSError:
            self.close()
            return False
        return True

    def _is_free(self):
        """Returns whether another message can be sent. Completes a partly sent frame first."""
        return self._is_ready() and self._flush()

    def _flush(self):
        try:
            while self._rest:
                self._rest = self._rest[self._socket.send(self._rest) :]
        except BlockingIOError:
            return False
        except OSError:
            self.close()
            return False
        return True

    def _send(self, message):
        if self._family == socket.AF_UNIX:
            frame = struct.pack("<I", len(message)) + message
            self._rest = frame
            if self._flush() or 0 < len(self._rest) < len(frame):
                return True
            self._rest = b""
            return False
        try:
            return self._socket.sendto(message, self._target) == len(message)
        except OSError:
            return False


def _json_of(declaration):
    return json.dumps(declaration, ensure_ascii=False, separators=(",", ":"))


def _now_us():
    return time.monotonic_ns() // 1000


def _target_of(address):
    """Returns family and target of an address. Loopback only: nothing may leave the machine."""
    if address.startswith("unix:/"):
        return socket.AF_UNIX, address[len("unix:") :]
    found = re.fullmatch(r"udp:(127(?:\.\d{1,3}){3}):(\d{1,5})", address)
    if not found or not 0 < int(found[2]) < 0x10000:
        raise ValueError(f"{address}: expected udp:127.0.0.1:<port> or unix:/<path>")
    return socket.AF_INET, (found[1], int(found[2]))
