import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NO_SNAPSHOT_TOPICS } from '../snapshots/topics/snapshot-topics.ts';
import { type RobotOptions, robotFaults } from '../testing/robot-faults.ts';
import type { LogLine } from './log-source.ts';
import { MAX_WINDOW_CHARACTERS, MAX_WINDOW_LINES, selectLines } from './log-window.ts';
import { MAX_OPEN_WINDOWS, startFaultLogs, TOGETHER_MS } from './start-fault-logs.ts';

const NS_PER_S = 1_000_000_000n;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A robot with log sources. */
async function robotLogs(options: RobotOptions = {}) {
  const robot = await robotFaults({
    ...options,
    configuration: {
      healing_enabled: true,
      healing_threshold: 0,
      'snapshots.recapture_cooldown_sec': 0,
      ...options.configuration,
    },
  });
  const { manager, store, clock, configuration, notices } = robot;
  const said: LogLine[] = [];
  const queries: string[] = [];
  const written: number[] = [];
  const logs = startFaultLogs({
    manager: {
      get: (code) => manager.get(code),
      onCapture: (listener) => manager.onCapture(listener),
      addEvidence: (codes, rows) => {
        written.push(rows.length);
        return manager.addEvidence(codes, rows);
      },
    },
    store,
    source: {
      between: ({ sources, topics }, fromNs, toNs) => {
        queries.push([...sources, ...topics].join());
        return said.filter(({ atNs }) => atNs >= fromNs && atNs <= toNs);
      },
    },
    clock,
    configuration,
    topics: { ...NO_SNAPSHOT_TOPICS, byDefault: ['/scan'] },
    lookup: { publishedBy: () => undefined, topicOf: (name) => name },
    notice: (notice) => notices.push(notice),
  });
  const startNs = clock.wallNs();
  return {
    ...robot,
    logs,
    queries,
    written,
    say: (message: string, severity = 'info') => {
      said.push({ atNs: clock.wallNs(), severity, logger: 'lidar', message });
    },
    /** Advances the clock, and waits until the effects are written. */
    pass: async (seconds: number) => {
      await clock.advanceAsync(seconds * 1000, 1000);
      for (let turns = 0; turns < 10; turns += 1) await turn();
    },
    /** Returns `occurrence from-to lines` of each window, in seconds since the start. */
    windows: async (code = 'F1') =>
      (await logs.of(code)).map(
        ({ occurrence, fromNs, toNs, lines }) =>
          `${occurrence} ${(fromNs - startNs) / NS_PER_S}-${(toNs - startNs) / NS_PER_S} ${lines.map(({ message }) => message).join()}`,
      ),
  };
}

describe('log lines of a fault', () => {
  it('are the lines before it immediately, and the lines after it once that time is over, which is reported', async () => {
    const robot = await robotLogs();
    robot.say('long ago');
    await robot.pass(40);
    robot.say('before');
    await robot.pass(10);
    await robot.fail({ source: '/lidar' });
    await robot.pass(TOGETHER_MS / 1000);
    assert.deepEqual(await robot.windows(), ['1 20-50 before']);
    await robot.pass(20);
    robot.say('after');
    await robot.pass(15);
    robot.say('later');
    await robot.pass(60);
    assert.deepEqual(await robot.windows(), ['1 20-80 before,after']);
    assert.deepEqual(
      robot.events.map(({ type }) => type),
      ['fault_confirmed', 'fault_updated'],
    );
    assert.deepEqual(robot.queries, ['/lidar,/scan', '/lidar,/scan']);
    assert.equal(robot.clock.timers, 1, 'only the timer of the manager is left');
  });

  it('include those of a further source that reports the fault while they are collected', async () => {
    const robot = await robotLogs();
    await robot.fail({ source: '/left' });
    await robot.pass(5);
    await robot.fail({ source: '/right' });
    await robot.pass(60);
    assert.deepEqual(robot.queries, ['/left,/scan', '/left,/right,/scan']);
    assert.equal((await robot.windows()).length, 1);
  });

  it('of simultaneous faults are collected together, and written together', async () => {
    const robot = await robotLogs();
    robot.say('before');
    for (const code of ['F1', 'F2', 'F3']) await robot.fail({ code });
    await robot.pass(TOGETHER_MS / 1000);
    assert.equal(robot.written.length, 1);
    for (const code of ['F1', 'F2', 'F3']) assert.deepEqual(await robot.windows(code), ['1 -30-0 before']);
  });

  it('of a storm of faults are written in parts, and none is missing', async () => {
    const robot = await robotLogs();
    const codes = Array.from({ length: 150 }, (_, at) => `S${at}`);
    for (const code of codes) await robot.fail({ code });
    await robot.pass(TOGETHER_MS / 1000);
    assert.equal(robot.written.length, 3);
    for (const code of codes) assert.equal((await robot.windows(code)).length, 1);
  });

  it('start before they end, however soon medkit is stopped', async () => {
    const robot = await robotLogs();
    robot.say('before');
    await robot.fail();
    await robot.logs.stop();
    assert.deepEqual(await robot.windows(), ['1 -30-0 before']);
  });

  it('are not reported for a fault that has healed, nor without any new line', async () => {
    for (const heals of [true, false]) {
      const robot = await robotLogs();
      await robot.fail();
      if (heals) {
        await robot.pass(1);
        robot.say('after');
        await robot.manager.report({ code: 'F1', event: 'PASSED', severity: 0, description: '', source: '/source' });
      }
      const count = robot.events.length;
      await robot.pass(40);
      assert.equal(robot.events.length, count);
    }
  });

  it('are stored for the first and the newest occurrence, over a restart, and are removed when the fault is cleared', async () => {
    const robot = await robotLogs();
    for (const time of [1, 2, 3]) {
      robot.say(`stop ${time}`);
      await robot.fail();
      await robot.pass(100);
      await robot.manager.report({ code: 'F1', event: 'PASSED', severity: 0, description: '', source: '/source' });
    }
    const { store, clock } = robot;
    const second = await robotLogs({ store, clock });
    const lines = (await second.logs.of('F1')).map(({ occurrence, lines }) => [occurrence, lines[0]?.message]);
    assert.deepEqual(lines, [
      [3, 'stop 3'],
      [1, 'stop 1'],
    ]);
    await second.manager.clear('F1', { cascade: false });
    assert.deepEqual(await second.logs.of('F1'), []);
  });

  it('are not stored for a fault cleared while they were collected, unless they outlive a clear', async () => {
    for (const [retained, seconds] of [
      [false, 1],
      [false, 0],
      [true, 1],
      [true, 0],
    ] as const) {
      const robot = await robotLogs({ configuration: { 'snapshots.retain_on_clear': retained } });
      robot.say('before');
      await robot.fail();
      await robot.pass(seconds);
      await robot.manager.clear('F1', { cascade: false });
      await robot.pass(40);
      assert.equal((await robot.windows()).length, retained ? 1 : 0);
    }
  });

  it('are stored up to the moment at which medkit stops', async () => {
    const robot = await robotLogs();
    await robot.fail();
    await robot.pass(5);
    robot.say('last words');
    await robot.logs.stop();
    assert.deepEqual(await robot.windows(), ['1 -30-5 last words']);
    assert.equal(robot.clock.timers, 1);
  });

  it('of a storm of faults are the cached ones, with later lines only for a limited number', async () => {
    const robot = await robotLogs({ configuration: { 'snapshots.capture_queue_depth': 1000 } });
    robot.say('before');
    for (let fault = 0; fault < MAX_OPEN_WINDOWS + 5; fault += 1) await robot.fail({ code: `F${fault}` });
    await robot.pass(1);
    robot.say('after');
    await robot.pass(60);
    assert.deepEqual(await robot.windows('F0'), ['1 -30-30 before,after']);
    assert.deepEqual(await robot.windows(`F${MAX_OPEN_WINDOWS}`), ['1 -30-0 before']);
    assert.match(
      robot.notices[0]?.text ?? '',
      /log lines after the fault are not stored, because 64 faults are already followed/,
    );
  });

  it('of a storm of one source end early in favour of another source', async () => {
    const robot = await robotLogs({ configuration: { 'snapshots.capture_queue_depth': 1000 } });
    robot.say('before');
    for (let fault = 0; fault < MAX_OPEN_WINDOWS; fault += 1) await robot.fail({ code: `F${fault}` });
    await robot.fail({ code: 'OTHER', source: '/other' });
    await robot.pass(1);
    robot.say('after');
    await robot.pass(60);
    assert.deepEqual(await robot.windows('F0'), ['1 -30-0 before']);
    assert.deepEqual(await robot.windows('F1'), ['1 -30-30 before,after']);
    assert.deepEqual(await robot.windows('OTHER'), ['1 -30-30 before,after']);
  });

  it('are absent if that is disabled', async () => {
    for (const configuration of [{ 'snapshots.log_window_sec': 0 }, { 'snapshots.enabled': false }]) {
      const robot = await robotLogs({ configuration });
      robot.say('before');
      await robot.fail();
      await robot.pass(1);
      assert.deepEqual([await robot.windows(), robot.queries], [[], []]);
    }
  });
});

describe('the lines of a window', () => {
  const line = (atNs: number, severity = 'info', message = `${atNs}`): LogLine => ({
    atNs: BigInt(atNs),
    severity,
    logger: 'l',
    message,
  });

  it('are ordered by time', () => {
    const { lines, omitted } = selectLines([line(3), line(1), line(2)], 2n);
    assert.deepEqual([lines.map(({ message }) => message), omitted], [['1', '2', '3'], 0]);
  });

  it('are the severe ones first if there are too many, then those nearest to the fault', () => {
    const many = Array.from({ length: 1000 }, (_, at) => line(at, at % 500 === 0 ? 'error' : 'debug'));
    const { lines, omitted } = selectLines(many, 400n);
    assert.deepEqual([lines.length, omitted], [MAX_WINDOW_LINES, 800]);
    assert.equal(lines[0].message, '0');
    assert.ok(lines.every(({ atNs, severity }) => severity === 'error' || (atNs > 295n && atNs < 505n)));
  });

  it('are limited in characters', () => {
    const { lines, omitted } = selectLines(
      Array.from({ length: 20 }, (_, at) => line(at, 'error', 'x'.repeat(8192))),
      0n,
    );
    assert.equal(lines.length, Math.floor(MAX_WINDOW_CHARACTERS / 8193));
    assert.equal(omitted, 20 - lines.length);
  });
});
