import assert from 'node:assert/strict';
import { fleetStage, helloOf } from './fleet-stage.ts';
import { robotLog } from './robot-log.ts';

export interface FaultFields {
  readonly entity?: string;
  readonly severity?: number;
  readonly number?: number;
  readonly startedMs?: number;
  readonly atMs?: number;
  readonly cause?: string;
}

/** A hub with robots whose clock is that of the hub, and which report faults. */
export async function fleetOf(names: readonly string[], options: { site?: string; software?: string } = {}) {
  const stage = await fleetStage();
  const { fleet, clock } = stage;
  const now = () => Math.floor(clock.wallMs());
  const robots = new Map<string, Awaited<ReturnType<typeof robotOf>>>();
  async function robotOf(name: string, software = options.software) {
    await stage.robot(name, `K-${name}`);
    await fleet.describe(name, { site: options.site ?? 'berlin' });
    const id = `log-${name}`;
    const log = robotLog(id);
    let epoch = 0;
    let after = 0;
    const connect = async (version = software): Promise<void> => {
      const versions = { medkit: '0.3.0', ...(version !== undefined && { software: version }) };
      const session = await fleet.connected(name, { hello: helloOf({ versions }), address: '10.0.0.2' });
      assert.ok('epoch' in session);
      epoch = session.epoch;
      await fleet.storeState(name, epoch, log.state([], { at_ms: now(), mono_ms: log.lines.length }));
    };
    const fault = (code: string, event: 'confirmed' | 'updated' | 'healed' | 'cleared', fields: FaultFields = {}) => {
      const { entity = 'arm', severity = 2, number = 1, startedMs = now(), atMs = now(), cause } = fields;
      const item = {
        ...{ fault_code: code, severity, status: 'CONFIRMED', entity_id: entity, entity_type: 'app' },
        ...{ first_occurred: startedMs / 1000, confirmed_at: startedMs / 1000 },
      };
      log.add(
        'fault',
        { event_type: `fault_${event}`, fault: item, occurrence: number, ...(cause && { cause }) },
        { atMs, boot: 9 },
      );
    };
    const ingest = async (): Promise<void> => {
      const records = log.after(after);
      const outcome = await fleet.ingest([{ robot: name, epoch, log: id, after, records }]);
      assert.equal(outcome.get(name), 'stored');
      after = log.lines.at(-1)?.seq ?? 0;
    };
    await connect();
    return { log, fault, ingest, connect };
  }
  for (const name of names) robots.set(name, await robotOf(name));
  return { ...stage, now, robot: (name: string) => robots.get(name)! };
}
