"""Test program of the Python writer: prints the test vector's messages, or sends to a reader that stops reading."""

import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "packages/wire/ingest/writers"))

from medkit_ingest import FAILED, PASSED, UNTESTED, IngestSender, IngestWriter, read_key  # noqa: E402

FULL_AFTER = 100
SENT_AFTER_FULL = 1000
DECLARATION_EVERY = 20
PAUSE_S = 0.001


def vector(_, key, session, json):
    """Prints a declaration at 5 s, and a failed state 20 ms later."""
    writer = IngestWriter(key, session)
    writer.declare(json)
    print(writer.declaration(5_000_000).hex())
    writer.count([FAILED])
    print(writer.state(5_020_000, [0.5, 0.3125, 0.45]).hex())


def flood(address, key, session, json):
    """Sends until no frame was accepted for a while, reports that, and continues until enough were accepted again."""
    seeded = random.Random(1)
    cycle = sent = sent_since = in_a_row = failures = 0
    is_full = False
    last = UNTESTED
    with IngestSender(address, key, session) as sender:
        while not sender.declare(json):
            time.sleep(PAUSE_S)
        while sent_since < SENT_AFTER_FULL:
            cycle += 1
            # Long frames are sent in part.
            if cycle % DECLARATION_EVERY == 0:
                sender.declare(json)
            result = seeded.choice([PASSED, FAILED])
            failures += result == FAILED and last != FAILED
            last = result
            if sender.state([0, 0, 0], [result]):
                sent += 1
                sent_since += is_full
                in_a_row = 0
            else:
                in_a_row += 1
                if in_a_row == FULL_AFTER and not is_full:
                    is_full = True
                    print("full", flush=True)
            if is_full:
                time.sleep(PAUSE_S)
        while not sender.state([0, 0, 0], [PASSED]):
            time.sleep(PAUSE_S)
        print(f"sent {sent + 1} failures {failures}", flush=True)
        # The last frame may have been sent in part.
        while not sender._is_free():
            time.sleep(PAUSE_S)


command, address, digits, session, json = sys.argv[1:]
{"vector": vector, "flood": flood}[command](address, read_key(digits), int(session), json)
