import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@medkit/client';
import { startGate } from '@medkit/demo';
import { BENCHMARK_KEY } from './ingest.ts';
import { median, onCpuMs } from './process.ts';
import { BENCHMARK_DOMAIN, startGateway, startProgram, until } from './stage.ts';

const CONFIGURATION = join(import.meta.dirname, '..', 'packages', 'programs', 'cli', 'src', 'gateway', 'island.yaml');
const PEER = 'safety_island';
const SECONDS = 5;
const ROUNDS = 3;
const RATE = 6250;
const STOPS = 50;
/** The gate opens again a few tenths of a second after the way is clear. */
const FREE_MS = 700;

/**
 * Cost of a gateway with an island that takes in 50,000 values a second with an active black box, compared with the
 * same gateway without input. Then the time from a scan with a person in it until a client of the aggregating gateway
 * receives the fault: through the gate, the ingest, two fault streams and two disks.
 */
export async function island(): Promise<void> {
  await load();
  await stops();
}

/** Creates a folder with a key, and the arguments with which a gateway takes in what is sent to `address`. */
function place(address: (folder: string) => string) {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-island-'));
  const keyFile = join(folder, 'key');
  writeFileSync(keyFile, Buffer.from(BENCHMARK_KEY).toString('hex'));
  const settings = [
    'ros.enabled=false',
    'island.enabled=true',
    `island.listen=${address(folder)}`,
    `island.key_file=${keyFile}`,
  ];
  return {
    address: address(folder),
    keyFile,
    args: ['--config', CONFIGURATION, ...settings.flatMap((setting) => ['--set', setting])],
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

async function load(): Promise<void> {
  using at = place(() => 'udp:127.0.0.1:17799');
  await using gateway = await startGateway(...at.args);
  const client = createClient({ url: gateway.url });
  const cpuOf = async (during: () => Promise<unknown>): Promise<number> => {
    const before = onCpuMs(gateway.pid);
    const beganMs = performance.now();
    await during();
    return (100 * (onCpuMs(gateway.pid) - before)) / (performance.now() - beganMs);
  };
  await delay(2000);
  const idle = await cpuOf(() => delay(SECONDS * 1000));
  const busy: number[] = [];
  let sent = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const sender = fork(join(import.meta.dirname, 'ingest-sender.ts'), [at.address, String(RATE), String(SECONDS)]);
    await once(sender, 'message');
    busy.push(
      await cpuOf(async () => {
        sender.send('begin');
        sent += ((await once(sender, 'message')) as [number])[0];
      }),
    );
    sender.disconnect();
    await delay(300);
  }
  const health = (await client.call('getHealth', {})) as unknown as Record<string, Record<string, number>>;
  const { accepted = 0, declarations = 0 } = health['x-medkit-ingest'] ?? {};
  console.log(
    `a gateway that takes ${RATE} states of 8 ports a second: ${median(busy).toFixed(1)} % of a core ` +
      `(${busy.map((share) => share.toFixed(1)).join(' ')}; ${idle.toFixed(1)} % while no sender is active); lost ${sent - accepted - declarations} of ${sent}`,
  );
}

async function stops(): Promise<void> {
  using at = place((folder) => `unix:${join(folder, 'ingest.sock')}`);
  await using peerGateway = await startGateway(...at.args);
  const peer = [
    'aggregation.enabled=true',
    `aggregation.peer_urls=${new URL(peerGateway.url).origin}`,
    `aggregation.peer_names=${PEER}`,
  ];
  await using head = await startGateway('--set', 'fault_manager.mode=own', ...peer.flatMap((each) => ['--set', each]));
  await using scans = await startProgram('gate-scans.ts');
  const ingest = { address: at.address, keyFile: at.keyFile };
  const gate = startGate({ domainId: BENCHMARK_DOMAIN, environment: process.env, ingest });
  await using resources = new AsyncDisposableStack();
  resources.defer(() => gate.stop());
  await gate.ready;
  const client = createClient({ url: head.url });
  await until(async () => {
    const { items } = await client.call('listEntities', { kind: 'app' });
    return items.some(({ id }) => id === 'safety_gate');
  });
  const events = await collectEvents(`${head.url}/faults/stream`, resources);
  const say = async (word: 'near' | 'far'): Promise<number> => {
    const answer = once(scans.child, 'message');
    scans.child.send(word);
    return ((await answer) as [number])[0];
  };
  await delay(3000);
  const latencies: number[] = [];
  for (let stop = 0; stop < STOPS; stop++) {
    // A random phase of the scanner's and the gate's cycles.
    await delay(FREE_MS + Math.random() * 100);
    const next = events.next('fault_confirmed');
    const atMs = await say('near');
    latencies.push((await next) - atMs);
    const healed = events.next('fault_healed');
    await say('far');
    await healed;
  }
  latencies.sort((one, other) => one - other);
  const at99 = latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * 0.99))] as number;
  console.log(
    `from a scan with a person in it to the event at the head, ${STOPS} stops: ` +
      `p50 ${median(latencies).toFixed(1)} ms, p99 ${at99.toFixed(1)} ms`,
  );
}

/** Collects the arrival times of a fault stream's events, milliseconds since 1970. */
async function collectEvents(url: string, resources: AsyncDisposableStack) {
  const ended = new AbortController();
  resources.defer(() => ended.abort());
  const waiting = new Map<string, (atMs: number) => void>();
  const reply = await fetch(url, { signal: ended.signal });
  if (!reply.ok) throw new Error(`${url} answers with ${reply.status}`);
  const read = async (): Promise<void> => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of reply.body as AsyncIterable<Uint8Array>) {
      const atMs = performance.timeOrigin + performance.now();
      text += decoder.decode(chunk, { stream: true });
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        const event = /^event: (.*)$/m.exec(frame)?.[1] ?? '';
        if (!frame.includes('"PROTECTIVE_STOP"')) continue;
        waiting.get(event)?.(atMs);
        waiting.delete(event);
      }
    }
  };
  void read().catch(() => undefined);
  return {
    next: (event: string): Promise<number> => new Promise((resolve) => void waiting.set(event, resolve)),
  };
}
