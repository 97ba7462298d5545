import { Agent, get } from 'node:http';
import { systemClock, systemRandom } from '@medkit/edges/node';
import { openMqttBroker } from '@medkit/mqtt';
import { openStream } from './fault-listener.ts';

/**
 * The calibrator of a fleet agent, which interprets nothing: `<address of the API> <address of the broker>`. For each
 * event it reads the fault list if a fault appeared, publishes a text of the size of a state, and receives it back.
 * Sends `ready` on the IPC channel.
 */
const [api = '', brokerUrl = ''] = process.argv.slice(2);
const TOPIC = 'bench/teller';
const TEXT = 'x'.repeat(1000);

const agent = new Agent({ keepAlive: true });
const opened = Promise.withResolvers<void>();
const connection = openMqttBroker({
  address: { url: brokerUrl, protocol: '5' },
  clientId: 'bare-teller',
  subscriptions: [TOPIC],
  clock: systemClock,
  random: systemRandom,
  onOpen: opened.resolve,
  onMessage: () => undefined,
  onLost: (reason) => opened.reject(new Error(reason)),
});
await opened.promise;
const send = (): void => void connection.publish(TOPIC, TEXT, { qos: 0, retain: false });
await openStream(`${api}/faults/stream`, (octets) => {
  if (octets.includes('fault_confirmed')) {
    get(`${api}/faults?status=confirmed`, { agent }, (reply) => reply.resume().on('end', send));
  } else if (octets.includes('fault_healed')) send();
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
