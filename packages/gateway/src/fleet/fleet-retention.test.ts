import assert from 'node:assert/strict';
import { it } from 'node:test';
import { FLEET_RETENTION, type FleetRetention } from '@medkit/contract';
import { seededRandom } from '@medkit/edges';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { FLEET_TABLES } from '@medkit/fleet';
import { memoryStore } from '@medkit/store';
import { testConfig } from '../testing/test-gateway.ts';
import { gatewayFleet } from './gateway-fleet.ts';

const DAY_MS = 86_400_000;

it('the hub stores its record for the days of its settings', async () => {
  const left = async (retention?: FleetRetention): Promise<number> => {
    const clock = new SimulatedClock();
    const store = memoryStore({ clock, migrations: FLEET_TABLES });
    const fleet = await gatewayFleet({
      machineName: 'hub',
      config: await testConfig({ fleet: { enabled: true, ...(retention && { retention }) } }),
      ...{ files: new MemoryFiles(), clock, random: seededRandom(3), log: () => undefined },
      openFleetStore: async () => store,
    });
    await fleet.record.invite({ robot: 'amr-1', auto_approve: true }, 'ada');
    clock.advance(40 * DAY_MS);
    await fleet.record.tidy();
    const { length } = await fleet.record.invitations();
    await fleet.close();
    return length;
  };
  assert.deepEqual([await left(), await left({ ...FLEET_RETENTION, ended_days: 20 })], [1, 0]);
});

it('the hub stores the files of archived events for the days of its setting', async () => {
  const left = async (retention?: FleetRetention): Promise<readonly string[]> => {
    const clock = new SimulatedClock();
    // Files in memory are as old as the epoch.
    const files = new MemoryFiles({ '/data/fleet-archive/events-1-2.ndjson.gz': '' });
    const fleet = await gatewayFleet({
      machineName: 'hub',
      config: await testConfig({ data_dir: '/data', fleet: { enabled: true, ...(retention && { retention }) } }),
      ...{ files, clock, random: seededRandom(3), log: () => undefined },
      openFleetStore: async () => memoryStore({ clock, migrations: FLEET_TABLES }),
    });
    clock.stepWall(396 * DAY_MS - clock.wallMs());
    await fleet.record.tidy();
    await fleet.close();
    return (await files.list('/data/fleet-archive')).map(({ name }) => name);
  };
  assert.deepEqual(await left(), ['events-1-2.ndjson.gz']);
  assert.deepEqual(await left({ ...FLEET_RETENTION, archive_days: 395 }), []);
});
