import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { DEFAULT_PROFILE, type SubscribeOptions, type TopicSample, type TypeDescription } from '@medkit/ros2';
import { endpoint } from '../testing/small-graph.ts';
import { Measurement } from './measurement.ts';
import { TopicMeter } from './topic-meter.ts';

const SCAN = { topic: '/scan', type: 'sensor_msgs/msg/LaserScan' };
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function stage({ limits = {}, refuses = false }: { readonly limits?: object; readonly refuses?: boolean } = {}) {
  const clock = new SimulatedClock();
  const open: SubscribeOptions[] = [];
  const logged: string[] = [];
  const measurement = new Measurement({
    clock,
    log: (_, message) => logged.push(message),
    limits: { maxTopics: 100, maxBytesPerSec: 10_000, largeMessages: false, ...limits },
    ros: {
      describeType: async () => ({ definition: 'std_msgs/Header header\n' }) as TypeDescription,
    },
    node: {
      subscribe: async (options) => {
        if (refuses) throw new Error('no room');
        open.push(options);
        return {
          topic: options.topic,
          type: options.type ?? '',
          qos: DEFAULT_PROFILE,
          close: async () => void open.splice(open.indexOf(options), 1),
        };
      },
    },
  });
  const deliver = (topic: string, sequenceNumber: number, octets = 100, gid = 'g') => {
    const sample: TopicSample = {
      topic,
      type: '',
      cdr: new Uint8Array(octets),
      message: undefined,
      gid,
      sequenceNumber,
      sourceSeconds: Math.floor((clock.wallMs() - 2) / 1000),
      sourceNanoseconds: Math.floor(((((clock.wallMs() - 2) % 1000) + 1000) % 1000) * 1e6),
      receivedMs: clock.wallMs(),
    };
    for (const each of open.filter((other) => other.topic === topic)) each.onSample(sample);
  };
  return { clock, open, logged, measurement, deliver };
}

const publisher = endpoint('lidar > /scan', {}, { gid: 'g' });

describe('Measuring topics', () => {
  it('counts messages by publisher, without sending anything to the publishers', async () => {
    const { clock, open, measurement, deliver } = stage();
    const meter = measurement.want(SCAN);
    assert.ok(meter instanceof TopicMeter);
    await settle();
    assert.deepEqual(
      open.map(({ topic, raw, qos }) => [topic, raw, typeof qos === 'object' && qos.reliability]),
      [['/scan', true, 'best_effort']],
    );
    for (let turn = 1; turn <= 20; turn += 1) {
      clock.advance(100);
      deliver('/scan', turn);
      if (turn % 2 === 0) deliver('/scan', turn, 100, 'other');
    }
    const figures = meter.figures([publisher], clock.monotonicMs());
    assert.deepEqual([figures.messages, figures.frequencyHz, figures.missed], [20, 10, 0]);
    assert.ok(Math.abs((figures.latencyMs ?? 0) - 2) < 0.01);
    assert.equal(meter.isSettled([publisher]), true);
    assert.equal(meter.isSettled([publisher, endpoint('b > /scan')]), false);
  });

  it('continues while a client requests it, then ends and leaves nothing behind', async () => {
    const { clock, open, measurement } = stage();
    const meter = measurement.want(SCAN);
    for (let turn = 0; turn < 10; turn += 1) {
      clock.advance(20_000);
      assert.equal(measurement.want(SCAN), meter);
    }
    clock.advance(32_000);
    await settle();
    assert.deepEqual([measurement.size, open.length, clock.timers], [0, 0, 0]);
  });

  it('leaves nothing behind once stopped, not even a subscription that was being opened, and starts nothing more', async () => {
    const { clock, open, measurement } = stage();
    measurement.want(SCAN);
    measurement.stop();
    await settle();
    measurement.want(SCAN);
    await settle();
    assert.deepEqual([measurement.size, open.length, clock.timers], [0, 0, 0]);
  });

  it('leaves out large messages unless they are requested, and topics beyond the maximum', () => {
    const image = { topic: '/image', type: 'sensor_msgs/msg/Image' };
    assert.equal(stage().measurement.want(image), 'large_messages');
    const { measurement } = stage({ limits: { largeMessages: true, maxTopics: 1 } });
    assert.ok(measurement.want(image) instanceof TopicMeter);
    assert.equal(measurement.want(SCAN), 'too_many_topics');
  });

  it('gives up the heaviest topics when more data arrives than is allowed, and tries them again later', async () => {
    const { clock, open, measurement, deliver } = stage();
    const small = { topic: '/small', type: 'std_msgs/msg/String' };
    measurement.want(SCAN);
    measurement.want(small);
    await settle();
    deliver('/scan', 1, 9_500);
    deliver('/small', 1, 1_000);
    clock.advance(1000);
    await settle();
    assert.deepEqual(
      open.map(({ topic }) => topic),
      ['/small'],
    );
    assert.equal(measurement.want(SCAN), 'too_many_bytes');
    clock.advance(600_000);
    assert.ok(measurement.want(SCAN) instanceof TopicMeter);
  });

  it('logs a topic that it cannot subscribe to, and leaves it alone', async () => {
    const { logged, measurement } = stage({ refuses: true });
    measurement.want(SCAN);
    await settle();
    assert.deepEqual(logged, ['Cannot measure /scan, because the subscription failed: no room']);
    assert.equal(measurement.want(SCAN), 'failed');
    assert.equal(measurement.size, 0);
  });

  it('gives no latency if the clock is far off', async () => {
    const { clock, measurement, deliver } = stage();
    const meter = measurement.want(SCAN);
    assert.ok(meter instanceof TopicMeter);
    await settle();
    deliver('/scan', 1);
    meter.take(
      {
        cdr: new Uint8Array(12),
        gid: 'g',
        sequenceNumber: 2,
        sourceSeconds: 0,
        sourceNanoseconds: 5,
        receivedMs: clock.wallMs(),
      } as TopicSample,
      1,
    );
    assert.ok(Math.abs((meter.figures([publisher], 1).latencyMs ?? 0) - 2) < 0.01);
  });

  it('covers the publishers that send, if there are more than it can distinguish', async () => {
    const { clock, measurement, deliver } = stage();
    const meter = measurement.want(SCAN);
    assert.ok(meter instanceof TopicMeter);
    await settle();
    for (let index = 0; index < 20; index += 1) deliver('/scan', 1, 10, `g${index}`);
    const of = (gid: string) => meter.figures([endpoint('x > /scan', {}, { gid })], clock.monotonicMs()).messages;
    assert.deepEqual([of('g0'), of('g15'), of('g16')], [1, 1, 0]);
    clock.advance(5001);
    deliver('/scan', 2, 10, 'g16');
    assert.equal(of('g16'), 1);
  });
});
