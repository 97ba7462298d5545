import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { REPLY_TAKEN_AFTER_MS, ReplyWindow } from './reply-window.ts';

const DEPTH = 10;

function scene(clientAheadMs = 0) {
  const clock = new SimulatedClock();
  let written = 0;
  /** Highest reply number acknowledged by the client's middleware; by default all. */
  const acknowledged = { upTo: Number.POSITIVE_INFINITY };
  const window = new ReplyWindow({ clock, depth: DEPTH, isAcknowledged: (number) => number <= acknowledged.upTo });
  return {
    clock,
    acknowledged,
    window,
    written: () => written,
    reply: () => window.send(() => ++written),
    /** A request that was written `agoMs` ago. */
    ask: (agoMs = 0) =>
      window.requested({ sourceMs: clock.wallMs() - agoMs + clientAheadMs, receivedMs: clock.wallMs() }),
  };
}

describe('the replies to one client', () => {
  it('are bounded in number at a time, whatever part of a burst is read late', () => {
    const { clock, ask, reply, written } = scene();
    for (let number = 0; number < 16; number += 1) {
      // All sixteen requests were written at nearly the same time; replies are sent as each is processed.
      ask(number / 2 + 0.1);
      reply();
      clock.advance(0.5);
    }
    assert.equal(written(), DEPTH);
    clock.advance(REPLY_TAKEN_AFTER_MS);
    assert.equal(written(), 16);
    assert.equal(clock.timers, 0);
  });

  for (const aheadMs of [0, -3, 4, 60_000, -60_000]) {
    it(`make room for each other when the client sends another request, with a clock that is ${aheadMs} ms ahead`, () => {
      const { clock, ask, reply, written } = scene(aheadMs);
      const startMs = clock.monotonicMs();
      ask();
      for (let number = 0; number < 1000; number += 1) {
        reply();
        while (written() <= number) clock.advance(1);
        clock.advance(1);
        ask(0.1);
      }
      // If the clocks differ slightly, the order of events is uncertain at first.
      assert.ok(clock.monotonicMs() - startMs <= 1000 + REPLY_TAKEN_AFTER_MS);
    });
  }

  for (const [before, pauseMs] of [
    [1, 0.5],
    [3, 0.1],
    [5, 4],
    [8, 0.9],
    [10, 2],
    [13, 0.5],
  ]) {
    it(`do not count as read if the client pauses ${pauseMs} ms after ${before} of sixteen, its first burst`, () => {
      const { clock, ask, reply, written } = scene();
      const send = (requests: number) => {
        for (let number = 0; number < requests; number += 1) {
          ask(number / 100);
          reply();
          clock.advance(0.01);
        }
      };
      send(before);
      clock.advance(pauseMs);
      send(16 - before);
      assert.equal(written(), DEPTH);
      clock.advance(REPLY_TAKEN_AFTER_MS);
      assert.equal(written(), 16);
    });
  }

  for (const underWay of [1, 4, 8]) {
    it(`make the client wait only once if it has ${underWay} pending requests and reads immediately`, () => {
      const { clock, ask, reply, written } = scene();
      const startMs = clock.monotonicMs();
      let sent = 0;
      for (; sent < underWay; sent += 1) ask(0.01 * sent);
      let replied = 0;
      while (written() < 1000) {
        while (replied < sent) {
          reply();
          replied += 1;
        }
        clock.advance(0.2);
        for (; sent < written() + underWay; sent += 1) ask(0.05);
      }
      assert.ok(clock.monotonicMs() - startMs < 1000 / underWay / 5 + REPLY_TAKEN_AFTER_MS + 1);
    });
  }

  for (const pauseMs of [0.5, 8, 20]) {
    it(`lose nothing of a burst of 32 that a busy machine interrupts for ${pauseMs} ms ten times`, () => {
      const { clock, ask, reply, written } = scene();
      // The client reads nothing until its burst is sent. Replies written until then wait in its queue.
      for (let sent = 0; sent < 32; sent += 1) {
        if (sent % 3 === 2) clock.advance(pauseMs);
        ask();
        clock.advance(0.3);
        reply();
        assert.ok(written() <= DEPTH, `${written()} of ${sent}`);
      }
      // The client reads one reply after another and sends no further requests.
      for (let round = 0; round < 3; round += 1) {
        const before = written();
        clock.advance(REPLY_TAKEN_AFTER_MS);
        assert.ok(written() - before <= DEPTH);
      }
      assert.equal(written(), 32);
    });
  }

  it('are sent at the reading speed of a client that has 32 pending requests, once that is known', () => {
    const { clock, ask, reply, written } = scene();
    for (let sent = 0; sent < 32; sent += 1) {
      // All requests were written at nearly the same time.
      ask(sent / 10);
      reply();
      clock.advance(0.1);
    }
    clock.advance(REPLY_TAKEN_AFTER_MS);
    assert.equal(written(), 2 * DEPTH);
    for (let read = 0; read < 500; read += 1) {
      const before = written();
      clock.advance(5);
      ask();
      reply();
      // All replies written before the pause had been read, and one per request since.
      assert.ok(written() - before <= DEPTH && written() - DEPTH - read - 1 <= DEPTH);
    }
    assert.ok(written() >= 500);
  });

  it('wait while the middleware of a client acknowledges nothing, and one delay more once it does', () => {
    const { clock, ask, reply, written, acknowledged } = scene();
    acknowledged.upTo = 0;
    for (let sent = 0; sent < 12; sent += 1) {
      ask();
      reply();
    }
    clock.advance(10_000);
    assert.equal(written(), DEPTH);
    acknowledged.upTo = DEPTH;
    clock.advance(REPLY_TAKEN_AFTER_MS / 2);
    assert.equal(written(), DEPTH);
    clock.advance(REPLY_TAKEN_AFTER_MS);
    assert.equal(written(), 12);
  });

  it('continue if the clock of the client is set back', () => {
    const { clock, window, reply, written } = scene();
    let backMs = 0;
    for (let number = 0; number < 100; number += 1) {
      if (number === 50) backMs = 3_600_000;
      window.requested({ sourceMs: clock.wallMs() - backMs, receivedMs: clock.wallMs() });
      reply();
      clock.advance(1);
    }
    assert.equal(written(), 100);
  });

  it('are queued up to a bound, and not written to a client that has disconnected', () => {
    const { clock, window, reply, written } = scene();
    const taken = Array.from({ length: 1000 }, reply);
    assert.equal(taken.filter(Boolean).length, DEPTH + 256);
    window.close();
    clock.advance(1000);
    assert.equal(written(), DEPTH);
  });
});
