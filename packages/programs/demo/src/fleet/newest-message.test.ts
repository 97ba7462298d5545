import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newestMessage } from './newest-message.ts';

/** A channel with a controllable delay. */
function slowWay() {
  const sent: (readonly [string, PromiseWithResolvers<void>])[] = [];
  let now = '';
  const sendNewest = newestMessage(() => {
    const arrival = Promise.withResolvers<void>();
    sent.push([now, arrival]);
    return arrival.promise;
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    texts: () => sent.map(([text]) => text),
    send(text: string) {
      now = text;
      sendNewest();
    },
    async arrived() {
      sent.at(-1)?.[1].resolve();
      await turn();
    },
    async lost() {
      sent.at(-1)?.[1].reject(new Error('cut'));
      await turn();
    },
  };
}

describe('messages of which only the newest is needed', () => {
  it('are sent immediately, but only one at a time', async () => {
    const way = slowWay();
    for (const text of ['one', 'two', 'three']) way.send(text);
    assert.deepEqual(way.texts(), ['one']);
    await way.arrived();
    assert.deepEqual(way.texts(), ['one', 'three']);
    await way.arrived();
    assert.deepEqual(way.texts(), ['one', 'three'], 'there is nothing more to tell');
    way.send('four');
    assert.deepEqual(way.texts(), ['one', 'three', 'four']);
  });

  it('continue after one was lost', async () => {
    const way = slowWay();
    way.send('one');
    await way.lost();
    assert.deepEqual(way.texts(), ['one'], 'it is not sent again by itself');
    way.send('two');
    assert.deepEqual(way.texts(), ['one', 'two']);
  });
});
