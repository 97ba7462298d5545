import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FleetSiteSchedule, MAX_FLEET_SITES } from '@medkit/contract';
import { FleetConflict, FleetInvalid } from '../fleet-refused.ts';
import { fleetStage } from '../testing/fleet-stage.ts';

describe('the sites of a fleet', () => {
  it('are those with a schedule and those of robots, by name, also after a restart', async () => {
    const { fleet, robot, reopen } = await fleetStage();
    await robot('amr-1', 'K1');
    await fleet.describe('amr-1', { site: 'ulm' });
    await fleet.setSite('berlin', { zone: 'Europe/Berlin', quiet_hours: ['22:00-06:00'] }, 'ada');
    const next = await reopen();
    const [berlin, ulm] = await next.sites();
    assert.deepEqual(ulm, { id: 'ulm', robots: 1, quiet_hours: [], maintenance: [] });
    assert.deepEqual([berlin?.id, berlin?.robots, berlin?.quiet_hours], ['berlin', 0, ['22:00-06:00']]);
    assert.deepEqual([berlin?.zone, berlin?.changed_by], ['Europe/Berlin', 'ada']);
  });

  it('reject a schedule with the part that is wrong', async () => {
    const { fleet, clock } = await fleetStage();
    const time = (ms: number): string => new Date(clock.wallMs() + ms).toISOString();
    const TABLE: readonly (readonly [FleetSiteSchedule, RegExp])[] = [
      [{ zone: 'Europe/Atlantis' }, /"Europe\/Atlantis" is not a time zone: use a name such as Europe\/Berlin/],
      [{ zone: 'UTC', quiet_hours: ['night'] }, /quiet_hours: "night" is not a time range/],
      [{ zone: 'UTC', quiet_hours: ['moon 10:00-12:00'] }, /"moon" is not one of sun/],
      [{ zone: 'UTC', maintenance: [{ from: time(9), until: time(9) }] }, /is not after `from`/],
      [{ zone: 'UTC', maintenance: [{ from: time(-9), until: time(-1) }] }, /has ended: remove it/],
    ];
    for (const [schedule, message] of TABLE) {
      await assert.rejects(fleet.setSite('berlin', schedule, 'ada'), (error: Error) => {
        assert.ok(error instanceof FleetInvalid, String(error));
        assert.match(error.message, message);
        return true;
      });
    }
    assert.deepEqual(await fleet.sites(), []);
  });

  it('are bounded; a schedule that exists can still be changed', async () => {
    const { fleet } = await fleetStage();
    for (let site = 0; site < MAX_FLEET_SITES; site += 1) await fleet.setSite(`s${site}`, { zone: 'UTC' }, 'ada');
    await assert.rejects(fleet.setSite('other', { zone: 'UTC' }, 'ada'), FleetConflict);
    assert.equal((await fleet.setSite('s0', { zone: 'Asia/Tokyo' }, 'ada')).zone, 'Asia/Tokyo');
  });
});
