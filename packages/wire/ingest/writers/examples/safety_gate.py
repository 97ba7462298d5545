"""A safety gate that sends its state to a medkit gateway 50 times a second: the commanded speed, the distance of the
nearest obstacle, and whether it is below the stop threshold.

    python3 safety_gate.py udp:127.0.0.1:7799 --key ingest.key --cross-after 5
"""

import argparse
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from medkit_ingest import FAILED, PASSED, IngestSender, read_key, session  # noqa: E402

DECLARATION = {
    "runtime": "RTMaps",
    "area": {"id": "safety_island", "name": "Safety Island"},
    "components": [{"id": "safety_controller", "name": "Safety controller"}],
    "apps": [
        {
            "id": "safety_gate",
            "name": "Safety gate",
            "component": "safety_controller",
            "ports": [
                {"id": "commanded_vx", "type": "float64", "unit": "m/s", "role": "commanded"},
                {"id": "min_range_m", "type": "float64", "unit": "m", "role": "measured"},
                {"id": "stop_threshold_m", "type": "float64", "unit": "m", "role": "threshold", "of": "min_range_m"},
            ],
            "faults": [
                {
                    "code": "PROTECTIVE_STOP",
                    "severity": 2,
                    "description": "An obstacle is nearer than the stop threshold",
                }
            ],
        }
    ],
}
CYCLES_PER_SECOND = 50


def words():
    parser = argparse.ArgumentParser(description="A safety gate that tells a medkit gateway how it is.")
    parser.add_argument("address", help="udp:127.0.0.1:<port> or unix:/<path>")
    parser.add_argument("--key", type=pathlib.Path, help="a file with 64 hexadecimal digits; needed for udp")
    parser.add_argument("--session", type=int, default=session(), help="greater than in any run before")
    parser.add_argument("--cross-after", type=float, help="an obstacle comes nearer than the threshold after this time, s")
    parser.add_argument("--cross-for", type=float, default=2, help="and goes away again after this one, s")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="ends after this time")
    return parser.parse_args()


def main():
    given = words()
    is_over = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: is_over.append(True))
    key = read_key(given.key.read_text()) if given.key else None
    sent = dropped = cycle = 0
    begin = time.monotonic()
    with IngestSender(given.address, key, given.session) as sender:
        while not is_over and cycle / CYCLES_PER_SECOND < given.seconds:
            now = cycle / CYCLES_PER_SECOND
            is_near = given.cross_after is not None and 0 <= now - given.cross_after < given.cross_for
            # Repeated, because the gateway may start later than this program.
            if cycle % CYCLES_PER_SECOND == 0:
                sender.declare(DECLARATION)
            ports = [0.0, 0.3, 0.45] if is_near else [0.5, 1.2, 0.45]
            if sender.state(ports, [FAILED if is_near else PASSED]):
                sent += 1
            else:
                dropped += 1
            cycle += 1
            # Sleeps until an absolute time, so that the cycles do not drift.
            time.sleep(max(0, begin + cycle / CYCLES_PER_SECOND - time.monotonic()))
    print(f"{sent} states sent, {dropped} dropped")


if __name__ == "__main__":
    main()
