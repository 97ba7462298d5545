import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Incident } from '@medkit/contract';
import { type Hours, parseWeeklyHours } from '@medkit/core';
import { incidentOf, receiverOf } from '../testing/incidents.ts';
import { setUp } from '../testing/notify-stage.ts';
import { type IncidentPlaces, zoneOfIncident } from './incident-places.ts';

const ZONES: Readonly<Record<string, string>> = { tokyo: 'Asia/Tokyo', kyoto: 'Asia/Tokyo', berlin: 'Europe/Berlin' };
/** Robots are named after their site; the robots of Tokyo and Kyoto are in one group. */
const places: IncidentPlaces = {
  of: ({ robot }) => ({ sites: robot.split(' '), groups: /kyo/.test(robot) ? ['japan'] : [] }),
  zoneOf: (site) => ZONES[site],
  isCovered: ({ id }) => id === 'inc_covered',
};
const at = (robot: string, more: Partial<Incident> = {}): Incident =>
  incidentOf({ id: `inc_${robot}`, robot, ...more });
const ofRobot = (topic: string, more = {}) => receiverOf({ name: topic, topic, ...more });

describe('receivers of a fleet hub', () => {
  it('are notified of the incidents of their sites and groups', async () => {
    const receivers = [
      ofRobot('all'),
      ofRobot('berlin', { sites: ['berlin'] }),
      ofRobot('japan', { groups: ['japan'] }),
      ofRobot('both', { sites: ['berlin'], groups: ['japan'] }),
    ];
    const { source, sent, clock, close } = await setUp(receivers, {}, { places });
    const notified = async (robot: string) => {
      const before = sent().length;
      source.tell('opened', at(robot));
      await clock.advanceAsync(600, 10);
      const topics = sent()
        .slice(before)
        .map((line) => line.split('/')[0]);
      return topics.sort().join(' ');
    };
    assert.equal(await notified('berlin'), 'all berlin both');
    assert.equal(await notified('kyoto'), 'all both japan');
    assert.equal(await notified('graz'), 'all');
    await close();
  });

  it('are not notified of an incident that an outbreak includes', async () => {
    const { source, sent, clock, close } = await setUp([ofRobot('all')], {}, { places });
    source.tell('opened', at('berlin', { id: 'inc_covered' }));
    await clock.advanceAsync(600, 10);
    assert.deepEqual(sent(), []);
    await close();
  });

  it('have quiet hours in the time zone of the site', async () => {
    // The time is 02:12 UTC: 03:12 in Berlin, 11:12 in Tokyo.
    const quiet = [parseWeeklyHours('22:00-06:00') as Hours];
    const { source, sent, clock, close } = await setUp([ofRobot('all', { quiet })], {}, { places });
    for (const robot of ['berlin', 'tokyo', 'graz']) source.tell('opened', at(robot, { title: robot }));
    await clock.advanceAsync(600, 10);
    assert.deepEqual(sent(), ['all/1 tokyo: tokyo']);
    await close();
  });

  it('use the zone of the receiver for an incident at sites of several zones', () => {
    const zones = ['tokyo', 'tokyo kyoto', 'tokyo berlin', 'tokyo graz', 'graz'].map((robot) =>
      zoneOfIncident(at(robot), places),
    );
    assert.deepEqual(zones, ['Asia/Tokyo', 'Asia/Tokyo', undefined, undefined, undefined]);
  });
});
