"""Slow links between this network namespace and others, for kernels without the qdisc netem.

slow-link.py <delay ms> <jitter ms> <loss %> <kbit/s> <packets> {<device here> <device there> <namespace>}…, until the input ends

Each link is a pair of TUN devices. A packet waits as in netem with a rate: it leaves after the packets in front of it,
after the delay, and after the time that its bits need on the line. Prints "ready" when the devices exist.
"""

import collections
import fcntl
import os
import random
import select
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
MAX_BYTES = 65_536

delay, jitter, loss, rate, limit = (float(word) for word in sys.argv[1:6])
rand = random.Random(40)


def open_tun(name):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


class Direction:
    """Carries packets from one device to the other."""

    def __init__(self, source, target):
        self.source, self.target, self.waiting = source, target, collections.deque()

    def receive(self, now):
        while True:
            try:
                packet = os.read(self.source, MAX_BYTES)
            except BlockingIOError:
                return
            if rand.random() * 100 < loss or len(self.waiting) >= limit:
                continue
            due = now + (delay + rand.uniform(-jitter, jitter)) / 1000
            if self.waiting:
                due = max(due, self.waiting[-1][0])
            self.waiting.append((due + len(packet) * 8 / (rate * 1000), packet))

    def send(self, now):
        while self.waiting and self.waiting[0][0] <= now:
            try:
                os.write(self.target, self.waiting.popleft()[1])
            except OSError:
                pass  # The device is down: the packet is lost.


directions = {}
words = sys.argv[6:]
for here, there, namespace in zip(words[0::3], words[1::3], words[2::3]):
    near, far = open_tun(here), open_tun(there)
    subprocess.run(["ip", "link", "set", there, "netns", namespace, "name", "eth0"], check=True)
    directions[near], directions[far] = Direction(near, far), Direction(far, near)
print("ready", flush=True)

stdin = sys.stdin.fileno()
while True:
    due = [direction.waiting[0][0] for direction in directions.values() if direction.waiting]
    timeout = max(0, min(due) - time.monotonic()) if due else None
    readable, _, _ = select.select([stdin, *directions], [], [], timeout)
    now = time.monotonic()
    for device in readable:
        if device == stdin:
            sys.exit()
        directions[device].receive(now)
    for direction in directions.values():
        direction.send(now)
