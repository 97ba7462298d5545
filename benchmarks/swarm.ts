import { parseArgs } from 'node:util';
import type { Datagrams } from '@medkit/edges';
import { systemClock, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openParticipant } from '@medkit/rtps';
import { BENCHMARK_DOMAIN } from './stage.ts';

/**
 * Many participants in one process on a dedicated loopback address: a port mapping has room for 120 of them on each.
 * They have no initial peers and wait to be discovered. Sends `ready` on the IPC channel.
 */
const { values } = parseArgs({
  options: { address: { type: 'string' }, participants: { type: 'string' }, endpoints: { type: 'string' } },
});
const address = values.address!;

const datagrams: Datagrams = {
  interfaces: () => [{ name: 'lo', address, netmask: '255.0.0.0', loopback: true }],
  bind: (options) => udpDatagrams.bind(options),
};
const typeName = 'std_msgs::msg::dds_::String_';
for (let robot = 0; robot < Number(values.participants); robot += 1) {
  const participant = await openParticipant({
    domainId: BENCHMARK_DOMAIN,
    clock: systemClock,
    random: systemRandom,
    datagrams,
    multicast: false,
  });
  participant.createReader({ topicName: 'rt/swarm/common', typeName, onSample: () => undefined });
  for (let index = 1; index < Number(values.endpoints); index += 1) {
    participant.createWriter({ topicName: `rt/swarm/robot${robot}/topic${index}`, typeName });
  }
}
process.on('disconnect', () => process.exit());
process.send?.('ready');
