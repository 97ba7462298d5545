import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { LogRecord } from './log-entry.ts';
import type { LogQuery } from './log-query.ts';
import { LogStore } from './log-store.ts';

const ALL: LogQuery = { minimum: 'debug', context: '', limit: 10_000 };

function record(logger: string, message: string, fields: Partial<LogRecord> = {}): LogRecord {
  return { timestampNs: 0n, severity: 'info', logger, message, ...fields };
}

function setUp(entriesPerLogger = 3, maxOctets?: number) {
  const full: string[] = [];
  const store = new LogStore({
    entriesPerLogger,
    onFull: (logger, limit) => full.push(`${logger} ${limit}`),
    ...(maxOctets !== undefined && { maxOctets }),
  });
  const messages = (query: Partial<LogQuery> = {}, wanted: (key: string) => boolean = () => true) =>
    store.select(wanted, { ...ALL, ...query }).map(({ message }) => message);
  return { store, full, messages };
}

describe('a log store', () => {
  it('stores the last entries of a logger', () => {
    const { store, messages } = setUp(3);
    for (const text of ['1', '2', '3', '4', '5']) store.add(record('lidar', text));
    assert.deepEqual(messages(), ['3', '4', '5']);
    assert.deepEqual(
      store.select(() => true, ALL).map(({ sequence }) => sequence),
      [3, 4, 5],
    );
  });

  it('orders by time of arrival, not by the clock of the node that logged', () => {
    const { store, messages } = setUp(4);
    store.add(record('sim', 'early', { timestampNs: 9n, receivedNs: 100n }));
    store.add(record('sim', 'reset', { timestampNs: 1n, receivedNs: 200n }));
    store.add(record('sim', 'local', { timestampNs: 300n }));
    assert.deepEqual(messages({ after: { timestampNs: 100n } }), ['reset', 'local']);
    assert.deepEqual(messages({ until: { timestampNs: 200n } }), ['early', 'reset']);
    assert.deepEqual(messages({ before: { timestampNs: 200n } }), ['early']);
    assert.equal(
      store.oldestNs(() => true),
      100n,
    );
  });

  it('treats a name with slashes and one with dots as the same logger', () => {
    const { store, messages } = setUp(2);
    for (const name of ['/arm/gripper', 'arm.gripper', 'arm/gripper']) store.add(record(name, name));
    assert.deepEqual(
      messages({}, (key) => key === 'arm.gripper'),
      ['arm.gripper', 'arm/gripper'],
    );
  });

  it('filters by severity and by a part of the name, in either form', () => {
    const { store, messages } = setUp();
    store.add(record('arm.gripper', 'a', { severity: 'error' }));
    store.add(record('arm.gripper', 'b', { severity: 'warning' }));
    store.add(record('base', 'c', { severity: 'fatal' }));
    assert.deepEqual(messages({ minimum: 'error' }), ['a', 'c']);
    for (const context of ['grip', 'm.g', '/arm/gripper']) assert.deepEqual(messages({ context }), ['a', 'b'], context);
    assert.deepEqual(messages({ context: 'elsewhere' }), []);
  });

  it('returns the newest of many entries, or the first ones after a position', () => {
    const { store, messages } = setUp(10);
    for (let n = 1; n <= 8; n++) store.add(record(n % 2 ? 'odd' : 'even', `${n}`, { timestampNs: BigInt(n) }));
    assert.deepEqual(messages({ limit: 3 }), ['6', '7', '8']);
    assert.deepEqual(messages({ limit: 3, after: { sequence: 2 } }), ['3', '4', '5']);
    assert.deepEqual(messages({ after: { timestampNs: 6n } }), ['7', '8']);
    assert.deepEqual(messages({ after: { sequence: 8 } }), []);
    assert.equal(messages({ after: { sequence: 9 } }).length, 8, 'a number of an earlier start begins anew');
  });

  it('stops at the end of a query, and returns the newest entries before a position', () => {
    const { store, messages } = setUp(10);
    for (let n = 1; n <= 8; n++) store.add(record(n % 2 ? 'odd' : 'even', `${n}`, { timestampNs: BigInt(n) }));
    assert.deepEqual(messages({ until: { sequence: 3 } }), ['1', '2', '3']);
    assert.deepEqual(messages({ limit: 2, until: { timestampNs: 3n } }), ['2', '3']);
    assert.deepEqual(messages({ limit: 2, after: { sequence: 1 }, until: { timestampNs: 6n } }), ['2', '3']);
    assert.deepEqual(messages({ limit: 2, before: { sequence: 4 } }), ['2', '3']);
    assert.deepEqual(messages({ limit: 2, before: { timestampNs: 4n }, after: { sequence: 2 } }), ['3']);
    assert.deepEqual(messages({ limit: 2, before: { sequence: 99 } }), ['7', '8']);
    assert.deepEqual(messages({ before: { sequence: 1 } }), []);
  });

  it('reports the time of the oldest entry, for some loggers and for all', () => {
    const { store } = setUp(2);
    assert.equal(
      store.oldestNs(() => true),
      undefined,
    );
    for (let n = 1; n <= 6; n++) store.add(record(n === 2 ? 'rare' : 'often', `${n}`, { timestampNs: BigInt(n) }));
    assert.deepEqual([store.oldestNs(() => true), store.oldestNs((key) => key === 'often')], [2n, 5n]);
  });

  it('limits the loggers to ten times the entries of one logger, and logs that once', () => {
    const { store, full, messages } = setUp(1);
    for (let n = 0; n < 13; n++) store.add(record(`node${n}`, `${n}`));
    assert.deepEqual(full, ['node10 10']);
    assert.equal(store.figures().refused, 3);
    assert.equal(messages().length, 10);
    assert.ok(store.add(record('node0', 'known')), 'a known logger is still heard');
  });

  it('has room for loggers of others while one source invents many names', () => {
    const { store, full, messages } = setUp(1);
    for (let n = 0; n < 8; n++) store.add(record(`made_up${n}`, `${n}`), 'flood');
    assert.deepEqual(full, ['made_up5 10']);
    assert.ok(store.add(record('motor', 'hot'), 'driver'));
    assert.deepEqual(store.quota.figures(), { held: 6, capacity: 10, owners: 2, largest: 5, refused: 3 });
    assert.equal(messages().length, 6);
    for (let n = 0; n < 10_000; n++) store.add(record('made_up4', 'talkative'), 'flood');
    assert.ok(store.add(record('made_up9', 'later'), 'flood'), 'its own silent loggers make room');
    assert.equal(messages({}, (key) => key === 'motor').length, 1);
  });

  it('replaces the least recent logger with a new one', () => {
    const { store, messages } = setUp(1);
    for (let n = 0; n < 10; n++) store.add(record(`tf_listener_${n}`, 'old'));
    for (let n = 0; n < 10_000; n++) store.add(record('tf_listener_9', 'talkative'));
    assert.ok(store.add(record('newcomer', 'here')));
    assert.equal(messages({}, (key) => key === 'tf_listener_0').length, 0);
    assert.equal(messages({}, (key) => key === 'tf_listener_1').length, 1);
  });

  it('truncates a long message, and states by how much', () => {
    const { store, messages } = setUp();
    store.add(record('camera', 'x'.repeat(10_000)));
    const [message = ''] = messages();
    assert.match(message, /^x{8192} … \[1808 more characters\]$/);
    assert.equal(store.figures().truncated, 1);
  });

  it('drops entries of the logger that fills the memory', () => {
    const { store, messages } = setUp(1000, 100_000);
    store.add(record('quiet', 'precious'));
    for (let n = 0; n < 500; n++) store.add(record('loud', `${n} ${'x'.repeat(1000)}`));
    assert.ok(store.figures().octets <= 100_000);
    assert.ok(store.figures().evicted > 400);
    assert.deepEqual(
      messages({}, (key) => key === 'quiet'),
      ['precious'],
    );
    assert.match(messages().at(-1) ?? '', /^499/);
  });

  it('stays within its limits for any input, and its figures stay correct', () => {
    const random = seededRandom(11);
    const { store } = setUp(20, 50_000);
    for (let n = 0; n < 5000; n++) {
      const logger = `n${Math.floor(random.float() ** 3 * 300)}`;
      const entry = store.add(record(logger, 'x'.repeat(Math.floor(random.float() * 3000))));
      const { octets, loggers } = store.figures();
      assert.ok(octets <= 50_000 && loggers <= 200);
      const found = store.select(() => true, { ...ALL, limit: 1 });
      if (entry) assert.equal(found[0]?.sequence, entry.sequence, 'the newest is always there');
    }
    const all = store.select(() => true, ALL);
    assert.equal(all.length, store.figures().entries);
    assert.ok(all.every(({ sequence }, at) => at === 0 || sequence > (all[at - 1]?.sequence ?? 0)));
    assert.equal(
      store.figures().octets,
      all.reduce((sum, { logger, message }) => sum + 256 + 2 * (logger.length + message.length), 0),
    );
  });
});
