"""A third-party mDNS responder: announces a service on loopback, and prints other services of its type as they change.

responder.py <type> <label> <port>, until SIGINT
"""

import signal
import socket
import sys

from zeroconf import ServiceBrowser, ServiceInfo, Zeroconf

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
kind, label, port = f"{sys.argv[1]}.", sys.argv[2], int(sys.argv[3])


class Printer:
    def add_service(self, zeroconf, kind, name):
        info = zeroconf.get_service_info(kind, name)
        where = f"{info.parsed_addresses()[0]}:{info.port}" if info else "nowhere"
        print("added", name.removesuffix(f".{kind}"), where, flush=True)

    def remove_service(self, zeroconf, kind, name):
        print("removed", name.removesuffix(f".{kind}"), flush=True)

    def update_service(self, zeroconf, kind, name):
        """Ignores changes."""


responder = Zeroconf(interfaces=["127.0.0.1"])
address = socket.inet_aton("127.0.0.1")
responder.register_service(
    ServiceInfo(kind, f"{label}.{kind}", port, addresses=[address], server=f"{label}-machine.local."),
    allow_name_change=True,
)
ServiceBrowser(responder, kind, Printer())
print("ready", flush=True)
signal.sigwait({signal.SIGINT})
responder.close()
