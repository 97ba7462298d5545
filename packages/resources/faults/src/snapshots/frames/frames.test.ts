import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SampledJson } from '../../topic-sampler.ts';
import { compactFrame, MAX_COMPACT_LENGTH } from './compact-frame.ts';
import { historyText, MAX_HISTORY_FIELDS, MAX_HISTORY_VALUES, numbersOf } from './field-history.ts';
import { jsonText } from './json-text.ts';
import { MAX_TEXT_LENGTH, topicFrame } from './topic-frame.ts';
import {
  fitTopics,
  MAX_HISTORY_MESSAGE_OCTETS,
  MAX_HISTORY_OCTETS,
  MAX_HISTORY_POINTS,
  trimTopic,
} from './trim-topics.ts';

const sample = (length: number, receivedNs = 1n) => ({ octets: new Uint8Array(length), receivedNs });
const topic = (...lengths: readonly number[]) => ({
  topic: '/t',
  type: 'T',
  samples: lengths.map((length, index) => sample(length, BigInt(index))),
});
const trimmed = (...lengths: readonly number[]) => trimTopic(topic(...lengths), 100_000);
const sizes = ({ samples }: ReturnType<typeof trimmed>) => samples.map(({ octets, size }) => [octets.length, size]);

describe('the histories of fields', () => {
  it('follow every number by its path, and no other values', () => {
    const message = {
      header: { stamp: { sec: 1, nanosec: 2 }, frame_id: 'map' },
      linear: { x: 0.5 },
      ok: true,
      count: 9_007_199_254_740_993n,
      range: '.inf',
      covariance: [1, [2]],
      ranges: Array(17).fill(1),
      nothing: null,
    };
    assert.deepEqual(Object.fromEntries(numbersOf(message)), {
      'linear.x': 0.5,
      count: 9_007_199_254_740_992,
      'covariance[0]': 1,
      'covariance[1][0]': 2,
    });
    assert.equal(
      numbersOf(Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${at}`, at]))).size,
      MAX_HISTORY_FIELDS,
    );
  });

  it('have points of the messages that contain the field, with all digits of their times', () => {
    const at = (timeNs: bigint, value: SampledJson) => ({ timeNs, value });
    const text = historyText([
      at(1_700_000_000_000_000_001n, { x: 1.5 }),
      at(1_700_000_000_000_000_002n, { x: 'gone' }),
      at(1_700_000_000_000_000_003n, { x: -2, '"y': 1 }),
    ]);
    assert.equal(
      text,
      '{"x":{"value":-2,"history":[[1700000000000000001,1.5],[1700000000000000003,-2]]},' +
        '"\\"y":{"value":1,"history":[[1700000000000000003,1]]}}',
    );
    JSON.parse(text);
  });

  it('do not exist for one message, and for messages without numbers', () => {
    assert.equal(historyText([{ timeNs: 1n, value: { x: 1 } }]), '');
    assert.equal(historyText([1n, 2n].map((timeNs) => ({ timeNs, value: { text: 'a' } }))), '');
    assert.equal(historyText([]), '');
  });

  it('have fewer points if a message has many numbers', () => {
    const value = Object.fromEntries(Array.from({ length: MAX_HISTORY_FIELDS }, (_, at) => [`f${at}`, at]));
    const messages = Array.from({ length: 1000 }, (_, at) => ({ timeNs: BigInt(at), value }));
    const points = JSON.parse(historyText(messages))['f0'].history;
    assert.ok(points.length * MAX_HISTORY_FIELDS <= MAX_HISTORY_VALUES && points.length > 100, `${points.length}`);
    assert.equal(points.at(-1)[0], 999);
  });

  it('go no deeper into a message than messages are deep', () => {
    let deep: SampledJson = 1;
    for (let level = 0; level < 50; level += 1) deep = { a: deep };
    assert.equal(numbersOf(deep).size, 0);
  });
});

describe('the stored values of a topic', () => {
  it('are its last message and a limited history of small ones', () => {
    assert.deepEqual(sizes(trimmed(10, 20, 30)), [
      [10, 10],
      [20, 20],
      [30, 30],
    ]);
    const long = trimTopic(topic(...Array<number>(4000).fill(8)), 100_000).samples.map(({ receivedNs }) => receivedNs);
    assert.ok(long.length <= MAX_HISTORY_POINTS + 1 && long.length > MAX_HISTORY_POINTS / 2, `${long.length}`);
    assert.ok(long[0] < 10n && long.at(-1) === 3999n, 'from the first to the last');
    const large = trimmed(...Array<number>(1000).fill(4000));
    const octets = large.samples.reduce((sum, each) => sum + each.octets.length, 0);
    assert.ok(octets <= MAX_HISTORY_OCTETS + 4000 && octets > MAX_HISTORY_OCTETS / 2, `${octets}`);
    assert.deepEqual(sizes(trimmed(MAX_HISTORY_MESSAGE_OCTETS + 1, 8)), [[8, 8]]);
  });

  it('have no history if the last message is large, and only its head if it is too large', () => {
    assert.deepEqual(sizes(trimmed(10, 50_000)), [[50_000, 50_000]]);
    assert.deepEqual(sizes(trimmed(10, 200_000)), [[1024, 200_000]]);
  });

  it('are fewer if a capture has no room: first the history is dropped, then the topic', () => {
    const fitting = fitTopics([trimmed(10, 10), trimmed(10, 10), trimmed(11)], 30);
    assert.deepEqual(fitting.map(sizes), [
      [
        [10, 10],
        [10, 10],
      ],
      [[10, 10]],
    ]);
    assert.deepEqual(fitTopics([trimmed(10)], -5), []);
    const [thinner] = fitTopics([trimmed(...Array<number>(1000).fill(10))], 1000);
    assert.ok(thinner.samples.length > 16 && thinner.samples.at(-1)?.receivedNs === 999n);
  });
});

describe('the frame of a topic', () => {
  const rules = { decode: async (): Promise<SampledJson> => ({ big: 2n ** 60n }), maxMessageOctets: 100 };

  it('is the message as JSON, 64-bit integers with all their digits', async () => {
    const frame = await topicFrame(trimmed(8), rules);
    assert.deepEqual([frame.data, frame.problem], ['{"big":1152921504606846976}', '']);
    assert.equal(jsonText([1n, 0.5, 'a', null, true]), '[1,0.5,"a",null,true]');
  });

  it('is its head if its JSON would be huge', async () => {
    const frame = await topicFrame(trimmed(8), { ...rules, decode: async () => 'x'.repeat(MAX_TEXT_LENGTH) });
    assert.match(frame.problem, /larger than 8388608 characters of JSON/);
    assert.deepEqual(JSON.parse(frame.data), { size_bytes: 8, head_base64: 'AAAAAAAAAAA=' });
  });

  it('omits points of its history that cannot be read', async () => {
    let read = 0;
    const decode = async (): Promise<SampledJson> => {
      read += 1;
      if (read === 2) throw new Error('not of that type');
      return { x: read };
    };
    const frame = await topicFrame(trimmed(8, 9, 10), { ...rules, decode });
    assert.equal(frame.history, '{"x":{"value":1,"history":[[1,3],[2,1]]}}');
  });
});

describe('the frame of all topics', () => {
  const frame = (name: string, data: string, problem = '') => ({
    topic: name,
    messageType: 'T',
    data,
    problem,
    history: '',
    capturedAtNs: 1n,
    isForeign: false,
  });

  it('has all readable topics, and names the others', () => {
    const compact = compactFrame(
      [frame('/a', '1'), frame('/b', '{}', 'not known'), frame('/c', '"3"')],
      ['/d: silent'],
    );
    assert.deepEqual(compact, { data: '{"/a":1,"/c":"3"}', problem: '/d: silent; /b: not known' });
  });

  it('is limited in size', () => {
    const large = `"${'x'.repeat(MAX_COMPACT_LENGTH)}"`;
    const { data, problem } = compactFrame([frame('/large', large), frame('/a', '1')], []);
    assert.deepEqual([data, problem], ['{"/a":1}', '/large: too large to be stored after the fault is cleared']);
  });
});
