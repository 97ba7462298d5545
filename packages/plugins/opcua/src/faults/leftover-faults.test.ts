import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ApiReply } from '@medkit/plugin';
import { lonePlc } from '../testing/lone-plc.ts';
import { FaultReports } from './fault-reports.ts';
import { LeftoverFaults } from './leftover-faults.ts';

const MAP = `
component_id: station
nodes:
  - {node_id: "ns=2;s=Level", entity_id: tank, data_name: level, alarm: {fault_code: LOW, threshold: 100, above_threshold: false}}
event_alarms:
  - {alarm_source: "ns=2;s=Tank", entity_id: tank, fault_code: OVERPRESSURE}
`;

interface Standing {
  readonly fault_code: string;
  readonly reporting_sources?: readonly string[];
  readonly 'x-medkit'?: { readonly failing_sources: readonly string[] };
}

/** Reported only by the tank, unless overridden. */
const reported = (fault: Standing): Standing => ({ reporting_sources: ['tank'], ...fault });

/** Runs a PLC with a gateway that has these faults from an earlier run; returns the cleared codes. */
function withStanding(
  standing: readonly Standing[],
  scene: Partial<Parameters<typeof lonePlc>[0]> = {},
  answer: () => ApiReply | undefined = () => undefined,
) {
  const ended: string[] = [];
  let leftovers: LeftoverFaults | undefined;
  const opened = lonePlc({
    map: MAP,
    ...scene,
    prepare: (server) => {
      server.set('ns=2;s=Level', 500);
      scene.prepare?.(server);
    },
    onSettled: (plc) => void leftovers?.clear(plc),
  });
  const { clock } = opened;
  const context = {
    clock,
    reportFault: async () => true,
    clearFault: async ({ code }: { readonly code: string }) => void ended.push(code) === undefined,
    request: async ({ path }: { readonly path: string }): Promise<ApiReply> =>
      answer() ?? {
        status: 200,
        headers: {},
        body: { items: path === '/components/station/faults' ? standing.map(reported) : [] } as never,
      },
  };
  leftovers = new LeftoverFaults({ context, reports: new FaultReports({ context, clock, log: () => undefined }) });
  return { ...opened, ended, leftovers };
}

describe('faults of an earlier run', () => {
  it('end if the PLC no longer has them', async () => {
    const { ended, clock } = withStanding([{ fault_code: 'LOW' }, { fault_code: 'OVERPRESSURE' }]);
    await clock.advanceAsync(2000, 10);
    assert.deepEqual(ended, ['LOW', 'OVERPRESSURE']);
  });

  it('stay while their value has a bad quality, and end when it is good again', async () => {
    const prepare = (server: ReturnType<typeof lonePlc>['server']) =>
      server.set('ns=2;s=Level', 500, { quality: 'bad' });
    const { ended, clock, server } = withStanding([{ fault_code: 'LOW' }], { prepare });
    await clock.advanceAsync(3000, 10);
    assert.deepEqual(ended, []);
    server.set('ns=2;s=Level', 500);
    await clock.advanceAsync(2000, 10);
    assert.deepEqual(ended, ['LOW']);
  });

  it('stay if the alarms of the PLC are not known, even if it is connected', async () => {
    const faults = [{ fault_code: 'OVERPRESSURE' }, { fault_code: 'LOW' }];
    const { ended, clock } = withStanding(faults, { options: { condition_replay_strategy: 'off' } });
    await clock.advanceAsync(2000, 10);
    assert.deepEqual(ended, ['LOW']);
  });

  it('of another source stay, even on the same entity', async () => {
    const { ended, clock } = withStanding([
      { fault_code: 'WORN', reporting_sources: ['/robot/watcher'] },
      { fault_code: 'LOW', reporting_sources: ['tank'] },
    ]);
    await clock.advanceAsync(2000, 10);
    assert.deepEqual(ended, ['LOW']);
  });

  it('also reported by another source get a PASSED only if the source of the PLC reports them as failed', async () => {
    const reporting_sources = ['/robot/watcher', 'tank'];
    const { ended, clock } = withStanding([
      { fault_code: 'LOW', reporting_sources, 'x-medkit': { failing_sources: reporting_sources } },
      { fault_code: 'OVERPRESSURE', reporting_sources, 'x-medkit': { failing_sources: ['/robot/watcher'] } },
    ]);
    await clock.advanceAsync(2000, 10);
    assert.deepEqual(ended, ['LOW']);
  });

  it('are requested again if the gateway does not answer, or fails, until the plugin ends', async () => {
    let requests = 0;
    const { ended, clock, leftovers } = withStanding([{ fault_code: 'LOW' }], {}, () => {
      requests += 1;
      if (requests === 1) throw new Error('the gateway is gone');
      return requests < 4 ? { status: 503, headers: {}, body: undefined } : undefined;
    });
    await clock.advanceAsync(10_000, 10);
    assert.deepEqual(ended, ['LOW']);
    leftovers.stop();
  });
});
