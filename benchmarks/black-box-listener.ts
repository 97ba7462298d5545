import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemFiles, systemRandom, systemWritableFiles, udpDatagrams } from '@medkit/edges/node';
import {
  DEFAULT_FAULT_CONFIGURATION,
  type Recording,
  recordingSettings,
  startBlackBox,
  type TapProvider,
  threadedBagShelf,
} from '@medkit/faults';
import { openRosAdapter, openWorkerRosAdapter, type RosAdapter, readEnvironment } from '@medkit/ros2';
import { openEvidenceSources } from '../test/interop/evidence-sources.ts';

/**
 * Receives 200 topics: into the ring of a black box (`box`), from subscriptions without a consumer (`taps`), or as bare
 * datagrams on a socket (`bare`). With `own-thread` as second argument DDS runs in a separate thread. Sends `{port}`
 * when it listens. On `tell` it sends what arrived since the last request, and its cost. On `record` the black box
 * writes a recording and reports the result.
 */
const [mode, thread] = process.argv.slice(2);
let messages = 0;
let octets = 0;
let stallMs = 0;

const take = (length: number): void => {
  messages += 1;
  octets += length;
};

const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true }));

let recorded = Promise.withResolvers<Recording>();
const port = mode === 'bare' ? await listenOnSocket() : undefined;
const box = mode === 'bare' ? undefined : await listenOnTopics();

async function listenOnSocket(): Promise<number> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  socket.on('message', ({ length }) => take(length));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return socket.address().port;
}

/** Opens the adapter in this thread, which is the gateway's default, or in a separate one. */
async function openAdapter(): Promise<RosAdapter> {
  const environment = readEnvironment(process.env);
  if (thread === 'own-thread') return openWorkerRosAdapter({ environment, clock: systemClock });
  return openRosAdapter({
    environment,
    clock: systemClock,
    datagrams: udpDatagrams,
    files: systemFiles,
    random: systemRandom,
  });
}

async function listenOnTopics() {
  const { taps } = await openEvidenceSources(await openAdapter());
  if (mode === 'taps') {
    const tapped = new Set<string>();
    const tapAll = () => {
      for (const topic of taps.topics()) {
        if (tapped.has(topic.name)) continue;
        tapped.add(topic.name);
        taps.tap(topic, { matchQos: true, onSample: (sample) => take(sample.octets.length) });
      }
    };
    taps.onTopicsChange(tapAll);
    tapAll();
    return undefined;
  }
  return startBlackBox({
    taps: counted(taps),
    shelf: threadedBagShelf(systemWritableFiles),
    clock: systemClock,
    settings: recordingSettings({ ...DEFAULT_FAULT_CONFIGURATION, 'snapshots.rosbag.topics': 'all' }, folder, []),
    keep: async (recording) => recorded.resolve(recording),
    notice: ({ text }) => console.error(text),
  });
}

/** Wraps the provider to count samples. */
function counted(taps: TapProvider): TapProvider {
  return {
    topics: () => taps.topics(),
    onTopicsChange: (listener) => taps.onTopicsChange(listener),
    topicsOf: (source) => taps.topicsOf(source),
    tap: (topic, { matchQos, onSample }) =>
      taps.tap(topic, {
        matchQos,
        onSample: (sample) => {
          take(sample.octets.length);
          onSample(sample);
        },
      }),
  };
}

/** Longest block of this thread: a timer is due every five milliseconds. */
const BEAT_MS = 5;
let lastBeatMs = performance.now();
setInterval(() => {
  const nowMs = performance.now();
  stallMs = Math.max(stallMs, nowMs - lastBeatMs - BEAT_MS);
  lastBeatMs = nowMs;
}, BEAT_MS);

let sinceMs = performance.now();
let cpu = process.cpuUsage();

function tally(): Record<string, number> {
  const spent = process.cpuUsage(cpu);
  const nowMs = performance.now();
  const result = {
    messages,
    octets,
    stallMs,
    seconds: (nowMs - sinceMs) / 1000,
    cpuSeconds: (spent.user + spent.system) / 1e6,
    residentMb: process.memoryUsage().rss / 1e6,
    ringSamples: box?.facts().ring.samples ?? 0,
    ringMb: (box?.facts().ring.weight ?? 0) / 1e6,
    crowdedOut: box?.facts().ring.crowdedOut ?? 0,
  };
  messages = octets = stallMs = 0;
  sinceMs = nowMs;
  cpu = process.cpuUsage();
  return result;
}

async function record(): Promise<Record<string, number>> {
  recorded = Promise.withResolvers<Recording>();
  stallMs = 0;
  box?.capture({ faultCode: 'BENCH', requestedAtNs: systemClock.wallNs(), occurrence: 1, sources: [] });
  const { octets: size, messageCount, leftOut, durationMs } = await recorded.promise;
  return { size, messageCount, leftOut, durationMs, stallMs };
}

process.on('message', async (word) => process.send?.(word === 'record' ? await record() : tally()));
process.on('disconnect', () => process.exit(0));
process.send?.({ port });
