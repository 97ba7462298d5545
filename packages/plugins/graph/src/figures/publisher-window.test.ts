import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { type MeasuredMessage, PublisherWindow, WINDOW_MS } from './publisher-window.ts';

const message = (
  arrivedMs: number,
  sequenceNumber: number,
  fields: Partial<MeasuredMessage> = {},
): MeasuredMessage => ({
  arrivedMs,
  publishedMs: arrivedMs,
  sequenceNumber,
  latencyMs: Number.NaN,
  dataAgeMs: Number.NaN,
  octets: 100,
  ...fields,
});

const windowOf = (messages: readonly MeasuredMessage[]): PublisherWindow => {
  const window = new PublisherWindow();
  for (const each of messages) window.take(each);
  return window;
};

const at = (periodMs: number, count: number) =>
  Array.from({ length: count }, (_, index) => message(index * periodMs, index + 1));

const near = (actual: number | undefined, expected: number, tolerance = 1e-6) =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) < tolerance, `${actual} is not ${expected}`);

describe('The messages of a publisher', () => {
  it('have a rate as soon as there are two', () => {
    assert.equal(windowOf([]).figures(0).frequencyHz, undefined);
    assert.equal(windowOf(at(100, 1)).figures(0).frequencyHz, undefined);
    near(windowOf(at(100, 2)).figures(100).frequencyHz, 10);
    near(windowOf(at(100, 21)).figures(2050).frequencyHz, 10);
    near(windowOf(at(100, 21)).figures(2000).bytesPerSec, 1000);
  });

  it('have the rate they were published with if they were delayed and arrived together', () => {
    const held = [0, 100, 200].map((publishedMs, index) => message(200 + index, index + 1, { publishedMs }));
    near(windowOf(held).figures(202).frequencyHz, 10);
    const set = [0, 100, 3_600_200].map((publishedMs, index) => message(index * 100, index + 1, { publishedMs }));
    near(windowOf(set).figures(200).frequencyHz, 10);
  });

  it('have the rate of the last seconds, also if that is more messages than are stored', () => {
    near(
      windowOf([...at(100, 50), ...at(20, 300).map((each) => ({ ...each, arrivedMs: 5000 + each.arrivedMs }))]).figures(
        10_980,
      ).frequencyHz,
      50,
    );
  });

  it('have a rate that falls to 0 while no message arrives', () => {
    const window = windowOf(at(100, 21));
    const rates = [2000, 2100, 2500, 4000, 6900, 2000 + WINDOW_MS + 1].map(
      (nowMs) => window.figures(nowMs).frequencyHz ?? -1,
    );
    near(rates[0], 10);
    near(rates[1], 10);
    for (const [index, rate] of rates.entries()) assert.ok(index < 2 || rate < rates[index - 1], String(rates));
    assert.equal(rates.at(-1), 0);
  });

  it('have a jitter, which is 0 for even steps', () => {
    near(windowOf(at(100, 10)).figures(900).jitterMs, 0);
    const uneven = [0, 90, 200, 290, 400].map((arrivedMs, index) => message(arrivedMs, index));
    near(windowOf(uneven).figures(400).jitterMs, 10);
    assert.equal(windowOf(at(100, 2)).figures(100).jitterMs, undefined);
  });

  it('have a latency and an age of data as far as these are known', () => {
    const latencies = [1, Number.NaN, 3].map((latencyMs, index) => message(index, index, { latencyMs, dataAgeMs: 20 }));
    const figures = windowOf(latencies).figures(2);
    near(figures.latencyMs, 2);
    near(figures.dataAgeMs, 20);
    assert.equal(windowOf(at(100, 5)).figures(400).latencyMs, undefined);
  });

  it('are counted if they are missing; an overtaken message is not missing, nor any before the first', () => {
    const numbers = (...sequence: readonly number[]) =>
      windowOf(sequence.map((each, index) => message(index * 10, each))).figures(100).missed;
    assert.equal(numbers(500, 501, 502), 0);
    assert.equal(numbers(1, 2, 5, 6), 2);
    assert.equal(numbers(1, 3, 2, 4), 0);
    assert.equal(numbers(1, 2, 2, 2), 0);
  });

  it('have the same figures as a simple count, for random messages', () => {
    const random = seededRandom(5);
    for (let run = 0; run < 100; run += 1) {
      const messages: MeasuredMessage[] = [];
      let arrivedMs = 0;
      let sequenceNumber = 0;
      const count = 3 + Math.floor(random.float() * 400);
      for (let index = 0; index < count; index += 1) {
        arrivedMs += 1 + random.float() * 60;
        sequenceNumber += 1 + Math.floor(random.float() ** 4 * 3);
        messages.push(message(arrivedMs, sequenceNumber));
      }
      const retained = messages.slice(-256).filter((each) => each.arrivedMs >= arrivedMs - WINDOW_MS);
      const figures = windowOf(messages).figures(arrivedMs);
      assert.equal(figures.messages, retained.length);
      near(figures.frequencyHz, ((retained.length - 1) * 1000) / (arrivedMs - retained[0].arrivedMs));
      assert.equal(figures.missed, sequenceNumber - retained[0].sequenceNumber - (retained.length - 1));
    }
  });
});
