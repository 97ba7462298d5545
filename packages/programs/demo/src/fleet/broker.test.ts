import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { it } from 'node:test';
import { systemClock, systemRandom } from '@medkit/edges/node';
import { type BrokerMessage, openMqttBroker } from '@medkit/mqtt';
import { openDemoBroker } from './broker.ts';

it('the broker of the demo delivers messages, stores retained ones, and shares no port', async () => {
  // The port is taken by this server, or by another program.
  const taken = createServer();
  await new Promise<void>((resolve) => {
    taken.once('error', () => resolve());
    taken.listen(1883, '127.0.0.1', resolve);
  });
  const broker = await openDemoBroker();
  try {
    assert.match(broker.url, /^mqtt:\/\/127\.0\.0\.1:\d+$/);
    assert.notEqual(broker.url, 'mqtt://127.0.0.1:1883');
    const open = (clientId: string, onOpen: () => void, onMessage: (message: BrokerMessage) => void) =>
      openMqttBroker({
        address: { url: broker.url, protocol: '3.1.1' },
        clientId,
        subscriptions: ['a/+'],
        clock: systemClock,
        random: systemRandom,
        onOpen,
        onMessage,
        onLost: (reason) => assert.fail(reason),
      });
    const opened = Promise.withResolvers<void>();
    const one = open('one', opened.resolve, () => undefined);
    await opened.promise;
    await one.publish('a/kept', 'text', { qos: 1, retain: true });
    const received = Promise.withResolvers<BrokerMessage>();
    const other = open('other', () => undefined, received.resolve);
    const { topic, payload, retained } = await received.promise;
    assert.deepEqual([topic, Buffer.from(payload).toString(), retained], ['a/kept', 'text', true]);
    await Promise.all([one.close(), other.close()]);
  } finally {
    await broker.close();
    taken.close();
  }
});
