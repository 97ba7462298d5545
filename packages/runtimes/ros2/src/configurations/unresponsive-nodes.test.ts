import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { settle } from '../testing/running-runtime.ts';
import { UnresponsiveNodes } from './unresponsive-nodes.ts';

/** A request whose answer the test controls. */
function question() {
  const signals: AbortSignal[] = [];
  const answer = Promise.withResolvers<void>();
  const ask = (signal: AbortSignal) => {
    signals.push(signal);
    return answer.promise;
  };
  return { ask, signals, answer };
}

const muteNodes = (muteMs = 1000) => {
  const clock = new SimulatedClock();
  return { clock, mute: new UnresponsiveNodes({ clock, muteMs }) };
};

describe('an unresponsive node', () => {
  it('is treated as one for a while', () => {
    const { clock, mute } = muteNodes();
    mute.add('/a', 'no answer', question().ask);
    clock.advance(999);
    assert.equal(mute.errorMessage('/a'), 'no answer');
    clock.advance(1);
    assert.equal(mute.errorMessage('/a'), undefined);
  });

  it('is treated as responsive as soon as it answers', async () => {
    const { mute } = muteNodes();
    const { ask, answer } = question();
    mute.add('/a', 'no answer', ask);
    answer.resolve();
    await settle();
    assert.equal(mute.errorMessage('/a'), undefined);
  });

  it('stays unresponsive if the probe fails', async () => {
    const { mute } = muteNodes();
    const { ask, answer } = question();
    mute.add('/a', 'no answer', ask);
    answer.reject(new Error('still none'));
    await settle();
    assert.equal(mute.errorMessage('/a'), 'no answer');
  });

  it('that shows activity is not probed any more, and may become unresponsive again', async () => {
    const { mute } = muteNodes();
    const [first, second] = [question(), question()];
    mute.add('/a', 'no answer', first.ask);
    mute.remove('/a');
    assert.equal(first.signals[0]?.aborted, true);
    mute.add('/a', 'no answer again', second.ask);
    first.answer.resolve();
    await settle();
    assert.equal(mute.errorMessage('/a'), 'no answer again');
  });

  it('is probed only together with a bounded number of others', () => {
    const { mute } = muteNodes();
    const { ask, signals } = question();
    for (let at = 0; at < 300; at++) mute.add(`/n${at}`, 'no answer', ask);
    assert.equal(signals.length, 256);
    assert.equal(mute.errorMessage('/n299'), 'no answer');
  });

  it('does not exist if the time is 0', () => {
    const { mute } = muteNodes(0);
    mute.add('/a', 'no answer', question().ask);
    assert.equal(mute.errorMessage('/a'), undefined);
  });

  it('is not probed after the end', () => {
    const { mute } = muteNodes();
    const { ask, signals } = question();
    mute.add('/a', 'no answer', ask);
    mute.close();
    assert.equal(signals[0]?.aborted, true);
    assert.equal(mute.errorMessage('/a'), undefined);
  });
});
