import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryAudit } from '@medkit/audit/testing';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import type { OpenFaultManager } from '@medkit/faults';
import { StartRefused } from '../listen.ts';
import { testConfig } from '../testing/test-gateway.ts';
import { faultHealth } from './fault-health.ts';
import { faultOptions } from './fault-options.ts';

const PARAMETERS = `
fault_manager:
  ros__parameters:
    storage_type: memory
    confirmation_threshold: -2
    audit_log.enabled: true
    entity_thresholds.config_file: thresholds.yaml
    correlation.config_file: /etc/rules.yaml
`;

/** Returns the fault options of a configuration with `changes`. */
async function options(changes: Parameters<typeof testConfig>[0], files: Readonly<Record<string, string>> = {}) {
  const clock = new SimulatedClock();
  const logged: string[] = [];
  const stored = new MemoryFiles();
  for (const [path, text] of Object.entries(files)) stored.contents.set(path, Buffer.from(text));
  const found = await faultOptions({
    config: await testConfig(changes),
    files: stored,
    audit: memoryAudit(clock),
    clock,
    log: (level, message) => logged.push(`${level}: ${message}`),
  });
  return { ...found, clock, logged };
}

const report = ({ manager }: OpenFaultManager, source: string) =>
  manager.report({ code: 'A', event: 'FAILED', severity: 2, description: '', source });

describe('the faults of a gateway', () => {
  it('follow the parameter file and the files that it names', async () => {
    const files = {
      '/robot/faults.yaml': PARAMETERS,
      '/robot/thresholds.yaml': '/lidar: { confirmation_threshold: -1 }',
    };
    const { host, logged } = await options({ fault_manager: { config_file: '/robot/faults.yaml' } }, files);
    assert.deepEqual(logged, ['error: /etc/rules.yaml does not exist; faults are not correlated']);
    const { opened } = (await host.own())!;
    await report(opened, '/motor');
    assert.equal(opened.manager.get('A')?.status, 'PREFAILED');
    assert.equal(opened.manager.thresholdsOf('/lidar/front').prefix, '/lidar');
    const { warnings, figures } = await opened.health();
    assert.deepEqual(warnings, []);
    assert.equal((figures.faults as Record<string, number>).PREFAILED, 1);
    await host.close();
    await assert.rejects(report(opened, '/motor'), { name: 'StoreClosed' });
  });

  it('keep the gateway from starting if their configuration contradicts itself', async () => {
    const refusals = [
      [
        { fault_manager: { mode: 'attach' }, ros: { enabled: false } },
        /fault_manager\.mode: "attach" needs the ROS graph to find a fault manager: set ros\.enabled to true/,
      ],
      [{ fault_manager: { mode: 'both' } }, /fault_manager\.mode: "both" is not own, attach or auto/],
      [{ fault_manager: { config_file: '/none.yaml' } }, /the file \/none\.yaml does not exist/],
      [{ diagnostic_bridge: { name_to_code: ['motor'] } }, /"motor": expected name=CODE/],
      [{ diagnostic_bridge: { name_to_code: ['a=b c'] } }, /"a=b c": fault_code contains invalid character ' '/],
    ] as const;
    for (const [changes, message] of refusals) {
      await assert.rejects(options(changes), (error) => error instanceof StartRefused && message.test(error.message));
    }
  });

  it('are reported by diagnostics, logs and actions unless these are switched off', async () => {
    const { bridges } = await options({ diagnostic_bridge: { name_to_code: ['a=b=CODE'] } });
    assert.deepEqual(Object.keys(bridges).sort(), ['actions', 'diagnostics', 'logs']);
    assert.equal(bridges.diagnostics?.nameToCode.get('a=b'), 'CODE');
    const off = { enabled: false };
    const without = await options({ diagnostic_bridge: off, log_bridge: off, action_status_bridge: off });
    assert.deepEqual(without.bridges, {});
  });
});

describe('the health of the faults', () => {
  const facts = {
    path: '/data/faults.db',
    running: true,
    ends: 0,
    lastReason: undefined,
    writesUnderWay: 0,
    readsUnderWay: 0,
    setAside: undefined,
    lostCommits: 0,
    rewrites: 0,
  };
  const usage = async () => ({ databaseBytes: 1, logBytes: 2, freeBytes: 0, failedAuditPrunes: 0 });
  const manager = { list: () => ({ faults: [], muted: [], clusters: [] }), nearMissCount: 0 };
  const warningsOf = async (changes: object) =>
    (await faultHealth(manager, { facts: () => ({ ...facts, ...changes }) }, usage)).warnings;

  it('reports a damaged file that was moved, lost commits, a removed file, and a thread that ended', async () => {
    assert.deepEqual(await warningsOf({}), []);
    const [moved] = await warningsOf({ setAside: '/data/faults.db.corrupt-1' });
    assert.deepEqual(moved?.code, 'fault_store_damaged');
    assert.match(moved.message, /\/data\/faults\.db was damaged and was moved to \/data\/faults\.db\.corrupt-1/);
    const [back] = await warningsOf({ lostCommits: 12 });
    assert.equal(back?.code, 'fault_store_went_back');
    assert.match(back.message, /12 transactions that were acknowledged/);
    const [rewritten] = await warningsOf({ rewrites: 1 });
    assert.equal(rewritten?.code, 'fault_store_rewritten');
    const [ended] = await warningsOf({ ends: 2, lastReason: 'exit code 1', running: false });
    assert.match(ended?.message ?? '', /ended 2 times \(exit code 1\)\. A new thread is starting/);
  });
});
