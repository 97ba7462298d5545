import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { systemClock, systemRandom, udpDatagrams } from '@medkit/edges/node';
import { openParticipant } from '@medkit/rtps';
import { cpuMs } from './process.ts';
import { BENCHMARK_DOMAIN, until } from './stage.ts';

const PER_PROCESS = 100;
const ENDPOINTS_EACH = 20;
/** Some participant ids may be in use by other programs on this machine. */
const SPARE_IDS = 10;
/** Separates our topics from those of other programs on the domain. */
const SWARM_PREFIX = 'rt/swarm/';
const PROCESSES = [1, 2, 5];

/** Time in which one participant discovers many existing ones with all their endpoints. */
export async function discovery(): Promise<void> {
  const addresses: string[] = [];
  const swarms: ChildProcess[] = [];
  try {
    for (const count of PROCESSES) {
      while (swarms.length < count) {
        const address = `127.0.0.${swarms.length + 2}`;
        const options = ['--address', address, '--participants', `${PER_PROCESS}`, '--endpoints', `${ENDPOINTS_EACH}`];
        const swarm = fork(join(import.meta.dirname, 'swarm.ts'), options);
        swarms.push(swarm);
        await once(swarm, 'message');
        addresses.push(address);
      }
      await discover(addresses, swarms);
    }
  } finally {
    for (const swarm of swarms) swarm.disconnect();
  }
}

/** The swarm shares the machine: if its processor time and ours fill the cores, the machine is the bottleneck. */
async function discover(peers: readonly string[], swarms: readonly ChildProcess[]): Promise<void> {
  const participants = peers.length * PER_PROCESS;
  const endpoints = participants * ENDPOINTS_EACH;
  const startedAtMs = performance.now();
  const cpuAtStart = process.cpuUsage();
  const swarmMs = () => swarms.reduce((sum, { pid }) => sum + cpuMs(pid as number), 0);
  const swarmMsAtStart = swarmMs();
  let appeared = 0;
  const observer = await openParticipant({
    domainId: BENCHMARK_DOMAIN,
    clock: systemClock,
    random: systemRandom,
    datagrams: udpDatagrams,
    interfaces: ['127.0.0.1'],
    multicast: false,
    peers,
    maxPeerParticipantId: PER_PROCESS - 1 + SPARE_IDS,
    listener: {
      endpointAppeared: ({ topicName }) => {
        if (topicName.startsWith(SWARM_PREFIX)) appeared += 1;
      },
    },
  });
  observer.createWriter({ topicName: `${SWARM_PREFIX}common`, typeName: 'std_msgs::msg::dds_::String_' });
  try {
    await until(async () => appeared === endpoints);
    const cpu = process.cpuUsage(cpuAtStart);
    const { sent, received } = observer.facts().datagrams;
    console.log(
      `${participants} participants with ${endpoints} endpoints: complete after ` +
        `${(performance.now() - startedAtMs).toFixed(0)} ms, ${((cpu.user + cpu.system) / 1000).toFixed(0)} ms of ` +
        `processor time (the swarm ${swarmMs() - swarmMsAtStart} ms), ${sent} datagrams sent, ${received} received`,
    );
  } finally {
    await observer.close();
  }
}
