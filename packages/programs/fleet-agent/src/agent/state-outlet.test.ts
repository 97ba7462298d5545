import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { OutgoingMessage } from './message-identity.ts';
import { stateOutlet } from './state-outlet.ts';

const INTERVAL_MS = 10_000;

/** A started outlet for a robot whose state is one word. */
function openOutlet() {
  const clock = new SimulatedClock();
  const robot = { word: 'calm', composed: 0 };
  const sent: string[] = [];
  const outlet = stateOutlet({
    clock,
    intervalMs: INTERVAL_MS,
    compose() {
      robot.composed += 1;
      const { word } = robot;
      return { urgent: word, encode: (): OutgoingMessage => ({ topic: 'state', text: `${sent.length} ${word}` }) };
    },
    async publish({ text }) {
      sent.push(text);
    },
    onFailed: (reason) => assert.fail(reason),
  });
  outlet.begin();
  const settle = (): Promise<void> => clock.advanceAsync(1, 1);
  const become = (word: string): void => {
    robot.word = word;
    outlet.changed();
  };
  return { clock, robot, sent, outlet, settle, become };
}

describe('the outlet of states', () => {
  it('sends the newest of several changes during a transmission, when that has ended', async () => {
    const { sent, outlet, settle, become } = openOutlet();
    await settle();
    become('hot');
    become('burnt');
    await settle();
    assert.deepEqual(sent, ['0 calm']);
    outlet.returned('0 calm');
    await settle();
    assert.deepEqual(sent, ['0 calm', '1 burnt']);
    outlet.end();
  });

  it('does nothing if a transmission ends without a change in the meantime', async () => {
    const { robot, sent, outlet, settle } = openOutlet();
    await settle();
    outlet.returned('0 calm');
    await settle();
    assert.deepEqual([robot.composed, sent], [1, ['0 calm']]);
    outlet.end();
  });

  it('sends one state each interval after the last one, and none after its end', async () => {
    const { clock, sent, outlet, settle, become } = openOutlet();
    await settle();
    outlet.returned('0 calm');
    await clock.advanceAsync(INTERVAL_MS - 1000, 1000);
    become('hot');
    await settle();
    outlet.returned('1 hot');
    await clock.advanceAsync(INTERVAL_MS - 1000, 1000);
    assert.equal(sent.length, 2);
    await clock.advanceAsync(1000, 1000);
    assert.deepEqual(sent.at(-1), '2 hot');
    outlet.returned('2 hot');
    outlet.end();
    await clock.advanceAsync(2 * INTERVAL_MS, 1000);
    assert.equal(sent.length, 3);
  });
});
