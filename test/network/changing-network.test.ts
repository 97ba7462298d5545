import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { reserveDomain } from '../harness/free-domain.ts';
import { startPeer } from '../interop/peer.ts';
import { type Vendor, vendors } from '../interop/peer-programs.ts';
import { peerSuite } from '../interop/peer-suite.ts';
import { startOnHost } from './host-program.ts';
import { type Host, namespacesMissing, openNetwork } from './namespaces.ts';

const DOMAIN_ID = await reserveDomain();
const TRIGGER = 'std_srvs/srv/Trigger';

/** Calls must work again this long after any change; a call that began before it times out after a second. */
const AGAIN_MS = 3000 + 1000;
const FOUND_MS = 15_000;
/** Time until answers from before the change are printed. */
const PRINTED_MS = 300;

const ANSWERED = '{"call":"answered"}';
const isAnswer = (line: string) => line === ANSWERED;

const serverOn = (host: Host, vendor: Vendor) =>
  startPeer({
    vendor,
    domainId: DOMAIN_ID,
    discovery: 'multicast',
    prefix: host.prefix,
    addresses: host.addresses,
    commands: ['node /server', `service /ask ${TRIGGER} quiet`],
  });

const callerOn = (host: Host) =>
  startOnHost(host, {
    script: join(import.meta.dirname, 'calling-node.ts'),
    args: ['/ask', TRIGGER],
    env: { ROS_DOMAIN_ID: String(DOMAIN_ID) },
  });

/** Changes the network. Checks that a call is answered and the change is reported within the promised time. */
async function after(
  { lines }: ReturnType<typeof callerOn>,
  change: () => Promise<void>,
  reported: string | undefined,
): Promise<void> {
  await change();
  await delay(PRINTED_MS);
  lines.clear();
  await lines.take('an answer', isAnswer, AGAIN_MS);
  if (reported !== undefined) await lines.take(reported, (line) => line === reported, AGAIN_MS);
}

const happened = (change: string, address: string) => JSON.stringify({ change, address });

peerSuite('a network that changes', { skip: namespacesMissing }, () => {
  for (const vendor of vendors) {
    test(`medkit that started without a network calls a ${vendor} service once it has an address, and after an address change`, {
      timeout: 120_000,
    }, async () => {
      await using network = await openNetwork(2);
      const [near, far] = network.hosts as [Host, Host];
      await near.setAddress(undefined);
      await using _server = await serverOn(far, vendor);
      await using caller = callerOn(near);
      await caller.lines.take('a call without a server', (line) => line.includes('ServiceUnavailable'), FOUND_MS);
      await near.setAddress('10.99.0.101');
      await caller.lines.take('the address', (line) => line === happened('added', '10.99.0.101'), AGAIN_MS);
      await caller.lines.take('an answer', isAnswer, AGAIN_MS);
      await after(caller, () => near.setAddress('10.99.0.102'), undefined);
      await after(caller, () => near.setAddress('10.99.0.103'), undefined);
    });

    test(`medkit with two links calls a ${vendor} service over the other one when one of them is down`, {
      timeout: 120_000,
    }, async () => {
      await using network = await openNetwork(2, 2);
      const [near, far] = network.hosts as [Host, Host];
      await using _server = await serverOn(far, vendor);
      await using caller = callerOn(near);
      await caller.lines.take('an answer', isAnswer, FOUND_MS);
      for (const cable of [1, 0]) {
        await after(caller, () => near.unplug(cable), undefined);
        await after(caller, () => near.plug(cable), undefined);
      }
    });

    test(`medkit with two links calls a ${vendor} service when a link of the other machine is down`, {
      timeout: 120_000,
    }, async () => {
      await using network = await openNetwork(2, 2);
      const [near, far] = network.hosts as [Host, Host];
      await using _server = await serverOn(far, vendor);
      await using caller = callerOn(near);
      await caller.lines.take('an answer', isAnswer, FOUND_MS);
      for (const cable of [1, 0]) {
        await after(caller, () => far.unplug(cable), undefined);
        await after(caller, () => far.plug(cable), undefined);
      }
    });
  }
});
