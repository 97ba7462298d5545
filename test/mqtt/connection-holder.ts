import { systemClock, systemRandom } from '@medkit/edges/node';
import { openMqttBroker } from '@medkit/mqtt';

/**
 * A process that holds a connection with a will until it is killed: `connection-holder <url> <3.1.1 | 5> <topic of the
 * will>`.
 */
const [url = '', version = '', topic = ''] = process.argv.slice(2);
openMqttBroker({
  address: { url, protocol: version === '5' ? '5' : '3.1.1' },
  clientId: 'holder',
  will: { topic, payload: 'broken', qos: 1, retain: true },
  subscriptions: [],
  clock: systemClock,
  random: systemRandom,
  onOpen: () => console.log('open'),
  onMessage: () => undefined,
  onLost: (reason) => console.log(`lost: ${reason}`),
});
