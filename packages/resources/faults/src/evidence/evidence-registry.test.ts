import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogScope } from '../logs/log-source.ts';
import { topicFrame } from '../snapshots/frames/topic-frame.ts';
import { encoded, FLOAT, MemorySampler } from '../testing/memory-sampler.ts';
import { MemoryTaps } from '../testing/memory-taps.ts';
import type { BufferedTopic } from '../topic-sampler.ts';
import { evidenceRegistry } from './evidence-registry.ts';

const described = (name: string) => ({ name, type: FLOAT, offeredQos: [], definition: 'float64 data', typeHash: '' });
const sampleOptions = () => ({ timeoutMs: 5000, signal: new AbortController().signal });

/** A registry, and the runtime that joins it. */
function play(...topics: readonly string[]) {
  const registry = evidenceRegistry();
  const sampler = new MemorySampler();
  const taps = new MemoryTaps(...topics.map(described));
  const lines = [{ atNs: 1n, severity: 'info', logger: 'motor', message: 'turns' }];
  const join = (runtime = 'ros2') => registry.join(runtime, { sampler, taps, logs: { between: () => lines } });
  return { registry, sampler, taps, join };
}

describe('the evidence of runtimes that join and leave', () => {
  it('is empty without a runtime, and a requested topic reports that', async () => {
    const { registry } = play();
    assert.deepEqual(registry.taps.topics(), []);
    assert.deepEqual(registry.logs.between({ sources: [], reporters: [], topics: [] }, 0n, 9n), []);
    assert.equal(registry.sampler.resolveTopics('speed', []), undefined);
    await assert.rejects(registry.sampler.sample('/speed', sampleOptions()), /no runtime has topics/);
  });

  it('is watched as requested before the runtime joined, and again when it returns', () => {
    const { registry, sampler, join } = play('/speed');
    registry.sampler.watch(['/speed'], 2000);
    const leave = join();
    leave();
    join();
    assert.deepEqual(sampler.watched, [['/speed'], ['/speed']]);
    assert.equal(sampler.historyMs, 2000);
    registry.sampler.watch([], 0);
    assert.deepEqual(sampler.watched.at(-1), []);
  });

  it('fails immediately for a topic whose runtime left during the request', async () => {
    const { registry, sampler, join } = play('/speed');
    const leave = join();
    const sampling = registry.sampler.sample('/speed', sampleOptions());
    await Promise.resolve();
    assert.equal(sampler.samplingAtOnce, 1);
    leave();
    await assert.rejects(sampling, /the runtime ros2 was removed/);
    assert.equal(sampler.samplingAtOnce, 0, 'it is not asked any more');
    leave();
  });

  it('has a frame of the cached messages of a runtime that left before its message was decoded', async () => {
    const { registry, sampler, join } = play('/speed');
    const leave = join();
    sampler.decode = () => new Promise(() => undefined);
    const octets = encoded(1.5);
    const buffered = {
      topic: '/speed',
      type: FLOAT,
      samples: [{ octets, size: octets.length, receivedNs: 3n }],
    } as const;
    const framing = topicFrame(buffered, { decode: registry.sampler.decode, maxMessageOctets: 1000 });
    leave();
    const { problem, data } = await framing;
    assert.equal(problem, 'the runtime ros2 was removed');
    assert.equal(JSON.parse(data).size_bytes, octets.length);
  });

  it('comes from whichever runtime has the topic', async () => {
    const { registry, join } = play();
    join();
    const other = play('/level');
    registry.join('plc', { sampler: other.sampler, taps: other.taps, logs: { between: () => [] } });
    other.sampler.offer('/level', 7);
    assert.equal((await registry.sampler.sample('/level', sampleOptions()))?.topic, '/level');
    assert.deepEqual(
      registry.taps.topics().map(({ name }) => name),
      ['/level'],
    );
  });
});

describe('the evidence of two robots that have the same names', () => {
  /** A registry with two runtimes, each with a lidar that publishes `/scan`; the second also has `/map`. */
  const two = () => {
    const { registry } = play();
    const join = (runtime: string, reading: number, ...topics: readonly string[]) => {
      const { sampler, taps } = play(...topics);
      sampler.hold('/scan', [reading]);
      sampler.offer('/scan', reading);
      sampler.sources.set('/lidar', [`/${runtime}/scan`]);
      sampler.meanings.set('scan', { topics: [`/${runtime}/scan`] });
      const lines = (scope: LogScope) => scope.sources.map((logger) => line(logger, runtime));
      registry.join(runtime, { sampler, taps, logs: { between: lines } });
      return sampler;
    };
    const line = (logger: string, message: string) => ({ atNs: 1n, severity: 'info', logger, message });
    return { registry, first: join('first', 1, '/scan'), second: join('second', 2, '/scan', '/map') };
  };
  const readingOf = (held: BufferedTopic | undefined) => new TextDecoder().decode(held?.samples[0]?.octets.subarray(4));

  it('comes from the robot with the fault', async () => {
    const { sampler } = two().registry;
    for (const [runtime, reading] of [
      ['first', '1'],
      ['second', '2'],
    ] as const) {
      const runtimes = [runtime];
      assert.equal(readingOf(sampler.held('/scan', runtimes)), reading);
      assert.equal(readingOf(await sampler.sample('/scan', { ...sampleOptions(), runtimes })), reading);
      assert.deepEqual(sampler.publishedBy('/lidar', runtimes), [`/${runtime}/scan`]);
      assert.deepEqual(sampler.resolveTopics('scan', ['/lidar'], runtimes), { topics: [`/${runtime}/scan`] });
    }
  });

  it('is that of any robot if the owner is unknown or has no such topic', async () => {
    const { registry, second } = two();
    const { sampler } = registry;
    assert.equal(readingOf(sampler.held('/scan')), '1');
    assert.deepEqual(sampler.resolveTopics('scan', []), { topics: ['/first/scan', '/second/scan'] });
    second.hold('/map', [3]);
    assert.equal(readingOf(sampler.held('/map', ['first'])), '3');
    assert.equal(readingOf(sampler.held('/scan', ['plc'])), '1');
  });

  it('is that of each if both have the topic, and not separate if only one has it', () => {
    const { sampler } = two().registry;
    const both = ['first', 'second', 'plc'];
    assert.deepEqual(sampler.ownersOf?.('/scan', both), ['first', 'second']);
    assert.deepEqual(sampler.ownersOf?.('/map', both), []);
    assert.deepEqual(sampler.ownersOf?.('/scan', ['second']), []);
    assert.deepEqual(sampler.ownersOf?.('/scan', undefined), []);
  });

  it('has the log lines of the reporter, and not of another node with the same name', () => {
    const { logs } = two().registry;
    const said = (reporters: LogScope['reporters']) =>
      logs.between({ sources: ['/lidar'], reporters, topics: [] }, 0n, 9n).map(({ message }) => message);
    assert.deepEqual(said([{ runtime: 'second', source: '/lidar' }]), ['second']);
    assert.deepEqual(said([{ runtime: 'plc', source: '/lidar' }]), []);
    assert.deepEqual(said([]), ['first', 'second']);
  });
});

describe('a tap', () => {
  const listen = (registry: ReturnType<typeof evidenceRegistry>) => {
    let changes = 0;
    const received: number[] = [];
    const stop = registry.taps.onTopicsChange(() => changes++);
    const onSample = ({ receivedNs }: { readonly receivedNs: bigint }) => received.push(Number(receivedNs));
    const tap = registry.taps.tap({ name: '/speed', type: FLOAT }, { matchQos: true, onSample });
    return { received, tap, stop, changes: () => changes };
  };
  const sample = (receivedNs: bigint) => ({ octets: encoded(1), receivedNs, publishedNs: undefined, publisher: 'a' });

  it('outlives its runtime with the values seen so far, and continues with the next runtime that has the topic', async () => {
    const { registry, taps, join } = play('/speed');
    const leave = join();
    const { received, tap, changes } = listen(registry);
    taps.publish('/speed', sample(1n));
    leave();
    assert.deepEqual([taps.tapped.size, taps.listeners, changes()], [0, 0, 1]);
    assert.equal((await tap.describe()).definition, 'float64 data');
    join();
    taps.publish('/speed', sample(2n));
    assert.deepEqual([received, changes()], [[1, 2], 2]);
    tap.close();
    assert.equal(taps.tapped.size, 0);
  });

  it('continues also if the topic appears some time after its runtime', () => {
    const { registry, taps, join } = play('/speed');
    const leave = join();
    const { received } = listen(registry);
    leave();
    taps.vanish('/speed');
    join();
    taps.appear(described('/speed'));
    taps.publish('/speed', sample(2n));
    assert.deepEqual(received, [2]);
  });

  it('leaves nothing behind when its last listener is removed', () => {
    const { registry, taps, join } = play('/speed');
    join();
    const { tap, stop } = listen(registry);
    stop();
    tap.close();
    assert.deepEqual([taps.tapped.size, taps.listeners], [0, 0]);
  });
});
