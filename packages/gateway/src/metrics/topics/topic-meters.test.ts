import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type JsonValue, openModel } from '@medkit/core';
import { app, type MemoryItem, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { diagnosticLevels, MAX_STATUS_NAME, MAX_STATUSES } from './diagnostic-levels.ts';
import { MAX_TOPICS, openTopicMeters } from './topic-meters.ts';

const published = (name: string): MemoryItem => ({ channel: { name, direction: 'publish', type: 'a/msg/B' } });

async function meters(names: readonly string[], topics: readonly string[], diagnostics = false) {
  const clock = new SimulatedClock();
  const apps = [app('a', { address: { runtime: 'memory', nativeId: 'a' } })];
  const data = { a: Object.fromEntries(names.map((name) => [name, published(name)])) };
  const runtime = memoryRuntime({ apps, data });
  const lines: string[] = [];
  const model = await openModel({ runtimes: [runtime], clock, log: (_, line) => lines.push(line) });
  const log = (_level: string, line: string) => void lines.push(line);
  const opened = openTopicMeters({ model, clock, log, values: [], topics, maxAgeMs: 0, diagnostics });
  await clock.advanceAsync(10);
  return { ...opened, runtime, clock, lines };
}

const status = (name: string, level: number): JsonValue => ({
  name,
  hardware_id: 'hw',
  level,
  message: '',
  values: [],
});

describe('counted topics', () => {
  it('are those that match, once found', async () => {
    const { figures, runtime, close } = await meters(['/camera/image', '/camera/info', '/odom'], ['/camera/*']);
    runtime.publish('a', '/camera/info', {});
    runtime.publish('a', '/odom', {});
    assert.deepEqual(figures.topics(), [
      { topic: '/camera/image', messages: 0, ageSeconds: undefined },
      { topic: '/camera/info', messages: 1, ageSeconds: 0 },
    ]);
    await close();
    assert.deepEqual(runtime.watched, []);
  });

  it(`are at most ${MAX_TOPICS}, and one log line names the first that is left out`, async () => {
    const names = Array.from({ length: MAX_TOPICS + 2 }, (_, n) => `/t${String(n).padStart(3, '0')}`);
    const { figures, lines, close } = await meters(names, ['*']);
    assert.equal(figures.topics().length, MAX_TOPICS);
    assert.deepEqual(lines, ['metrics.topics matches more than 100 topics: /t100 is not counted']);
    await close();
  });
});

describe('diagnostic levels', () => {
  it('are read from /diagnostics if they are wanted', async () => {
    const { figures, runtime, clock, close } = await meters(['/diagnostics'], [], true);
    runtime.publish('a', '/diagnostics', { status: [status('motor', 2), status('odd', 7), 'no status'] });
    await clock.advanceAsync(3000);
    assert.deepEqual(
      figures.diagnostics?.levels().map(({ name, level, ageSeconds }) => [name, level, ageSeconds]),
      [['motor', 2, 3]],
    );
    await close();
  });

  it('have a maximum, of which the oldest is removed, and short labels', () => {
    const levels = diagnosticLevels(new SimulatedClock());
    levels.take({ status: Array.from({ length: MAX_STATUSES + 1 }, (_, n) => status(`${n} ${'x'.repeat(500)}`, 0)) });
    const names = levels.levels().map(({ name }) => name);
    assert.equal(names.length, MAX_STATUSES);
    assert.match(names[0]!, /^1 x/);
    assert.equal(names[0]!.length, MAX_STATUS_NAME);
    levels.take(null);
    levels.take({ status: 3 });
  });
});
