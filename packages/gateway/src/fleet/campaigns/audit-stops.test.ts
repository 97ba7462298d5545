import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { FleetChange, GateStop } from '@medkit/fleet';
import type { Store } from '@medkit/store';
import { testStore } from '@medkit/store/testing';
import { auditStops } from './audit-stops.ts';

const SLOWER: GateStop = {
  ...{ campaign: 'slower', atMs: 1_774_231_973_001, reason: 'gate.lost: 1 robot did not return' },
  rollBack: 'hold',
};

/** Lets pending work run. */
const settled = async () => {
  for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
};

/** A hub that can be killed and started again. Its audit log and the stops of its fleet stay. */
function stage() {
  const clock = new SimulatedClock();
  const log: Store = testStore({ clock, audit: { maxRecords: 0 } });
  const due: GateStop[] = [];
  const lines: string[] = [];
  const fails = { open: false, write: false, settle: false };
  const failing = <T>(part: keyof typeof fails, work: () => Promise<T>): Promise<T> =>
    fails[part] ? Promise.reject(new Error(`no ${part}`)) : work();
  const listeners = new Set<(change: FleetChange) => void>();
  const start = () =>
    auditStops({
      fleet: {
        campaigns: {
          stops: {
            unaudited: async () => [...due],
            settle: (stop) => failing('settle', async () => void due.splice(due.indexOf(stop), 1)),
          },
        },
        onChange: (listener) => {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      },
      auditFile: {
        store: () =>
          failing('open', async () => ({
            ...{ read: log.read, facts: log.facts },
            write: (...args: Parameters<Store['write']>) => failing('write', () => log.write(...args)),
          })) as Promise<Store>,
      },
      clock,
      log: (_level, line) => lines.push(line),
    });
  const change = async () => {
    for (const listener of listeners) listener({ robot: '', topic: 'campaigns' });
    await settled();
  };
  const records = async () =>
    (await log.read('SELECT occurred_at_ns, source_id, description FROM audit_log ORDER BY seq')).map(
      ({ occurred_at_ns, source_id, description }) => `${occurred_at_ns} ${source_id} ${description}`,
    );
  return { clock, due, lines, fails, start, change, records, listeners };
}

const RECORD =
  '1774231973001000000 fleet_hub slower: the gate stopped the campaign, on_stop hold. gate.lost: 1 robot did not return';

describe('the audit of campaigns that their gates stop', () => {
  it('has each stop once, also of campaigns that stop at the same time', async () => {
    const { due, start, change, records } = stage();
    due.push(SLOWER);
    const audit = start();
    await settled();
    assert.deepEqual([await records(), due], [[RECORD], []]);
    due.push({ ...SLOWER, campaign: 'slow' }, { ...SLOWER, campaign: 'slower-2' });
    await Promise.all([change(), change()]);
    assert.deepEqual((await records()).slice(1), [
      RECORD.replace('slower', 'slow'),
      RECORD.replace('slower', 'slower-2'),
    ]);
    assert.deepEqual(due, []);
    await audit.close();
  });

  it('has a stop once if the hub is killed before the write, or after it', async () => {
    for (const moment of ['open', 'write', 'settle'] as const) {
      const { due, fails, start, records } = stage();
      due.push(SLOWER);
      fails[moment] = true;
      const killed = start();
      await settled();
      assert.deepEqual([due.length, (await records()).length], [1, moment === 'settle' ? 1 : 0], moment);
      await killed.close();
      fails[moment] = false;
      await start();
      await settled();
      assert.deepEqual([due, await records()], [[], [RECORD]], moment);
    }
  });

  it('retries while the log is not available, and reports that once', async () => {
    const { clock, due, fails, lines, start, change, records, listeners } = stage();
    due.push(SLOWER);
    fails.open = true;
    const audit = start();
    for (let tries = 0; tries < 3; tries += 1) await change();
    assert.deepEqual(lines, ['cannot write the stop of a campaign into the audit log, the hub retries: no open']);
    fails.open = false;
    clock.advance(5000);
    await settled();
    assert.deepEqual(await records(), [RECORD]);
    await audit.close();
    assert.equal(listeners.size, 0);
    due.push({ ...SLOWER, campaign: 'other' });
    clock.advance(5000);
    await settled();
    assert.equal(due.length, 1);
  });
});
