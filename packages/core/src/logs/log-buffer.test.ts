import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { callContext } from '../providers/call-context.ts';
import { logBuffers } from './log-buffer.ts';

const call = callContext({ clock: new SimulatedClock(), timeoutMs: 1000 });
const ALL = { minimum: 'debug', context: '', limit: 100 } as const;
const NO_ENTITIES = { isEntity: () => false, logged: () => undefined };

/** A gateway whose runtimes store one entry per logger, and therefore ten loggers. */
function setUp() {
  const warnings: string[] = [];
  const logs = logBuffers({ entriesPerLogger: 1, log: (_, message) => warnings.push(message) });
  const open = () => {
    const log = logs.open(NO_ENTITIES);
    const sequences = async (after?: number) => {
      const query = { ...ALL, ...(after !== undefined && { after: { sequence: after } }) };
      const entries = await log.provider.list('/', { sources: [], namespaces: ['/'] }, query, call);
      return entries.map(({ sequence }) => sequence);
    };
    const keep = (logger: string, message = '') => log.keep({ timestampNs: 0n, severity: 'info', logger, message });
    return { ...log, keep, sequences };
  };
  return { logs, warnings, open };
}

describe('the log buffer of a gateway', () => {
  it('numbers entries in order of arrival, separately for each runtime', async () => {
    const { open } = setUp();
    const [ros, plc] = [open(), open()];
    ros.keep('lidar');
    plc.keep('lidar');
    ros.keep('camera');
    assert.deepEqual([await ros.sequences(), await plc.sequences()], [[1, 3], [2]]);
    assert.deepEqual(await plc.sequences(3), [], 'the number is given, though to another runtime');
    assert.deepEqual(await plc.sequences(4), [2], 'it is of an earlier start');
  });

  it('has one limit for all runtimes, and a verbose runtime does not displace others', () => {
    const { logs, warnings, open } = setUp();
    const [ros, plc] = [open(), open()];
    for (let n = 0; n < 12; n++) ros.keep(`n${n}`);
    plc.keep('valve', 'x'.repeat(9000));
    const { entries, loggers, added, refused, truncated, evicted } = logs.figures();
    assert.deepEqual([entries, loggers, added, refused, truncated, evicted], [11, 11, 11, 2, 1, 0]);
    assert.deepEqual(warnings, [
      'Log entries of n10 and of other new loggers are not stored: 10 loggers are the maximum',
    ]);
  });

  it('is cleared with its runtime, and no number is reused', async () => {
    const { logs, open } = setUp();
    const gone = open();
    gone.keep('lidar');
    gone.close();
    assert.deepEqual([logs.figures().entries, logs.figures().octets], [0, 0]);
    const next = open();
    next.keep('lidar');
    assert.deepEqual(await next.sequences(), [2]);
  });

  it('returns the entries of a logger and those below it', () => {
    const { open } = setUp();
    const log = open();
    for (const name of ['arm', 'arm.gripper', 'army', 'base']) log.keep(name);
    assert.deepEqual(
      log.of(['/arm']).map(({ logger }) => logger),
      ['arm', 'arm.gripper'],
    );
  });
});
