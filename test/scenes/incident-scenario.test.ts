import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { zipEntries } from '../harness/zip-entries.ts';
import { DemoScene, LATE_FAULTS } from './demo-scene.ts';

/** The demo starts, the robot is stopped and continues, on a busy machine. */
const STORY_MS = 240_000;
/** Time from one end of the hall to the other: the next goal is reached by then. */
const DRIVE_MS = 90_000;
const INCIDENTS = '/x-medkit-incidents';

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

/** Records when faults healed according to the stream, in milliseconds, until `stop`. */
function healMoments(url: string) {
  const stopped = new AbortController();
  const moments: number[] = [];
  let failure: unknown;
  const following = (async () => {
    const reply = await fetch(`${url}/api/v1/faults/stream?types=fault_healed`, { signal: stopped.signal });
    let text = '';
    for await (const chunk of reply.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data) moments.push(JSON.parse(data).timestamp * 1000);
      }
    }
  })().catch((error: unknown) => {
    if (!stopped.signal.aborted) failure = error;
  });
  /** Throws if the stream ended earlier. */
  const stop = async (): Promise<void> => {
    stopped.abort();
    await following;
    if (failure) throw failure;
  };
  return { moments, stop };
}

describe('a person in the way of the demo robot', { timeout: STORY_MS }, () => {
  it('is one incident, with its cause, the actions of people meanwhile, and a readable export', async () => {
    await using scene = await DemoScene.open([], { whole: true });
    await scene.waitForApps(['bt_navigator', 'lidar_driver', 'safety_gate']);
    await scene.untilDriving();
    await eventually('no fault', async () => (await scene.get('/faults')).body.items.length === 0);
    const before: readonly string[] = (await scene.get(INCIDENTS)).body.items.map(({ id }: Json) => id);
    const isNew = ({ id, root }: Json): boolean => root === 'PROTECTIVE_STOP' && !before.includes(id);
    const healing = healMoments(scene.url);

    assert.equal((await scene.command('inject', 'obstacle')).code, 0);
    const opened = await eventually('the incident', async () => (await scene.get(INCIDENTS)).body.items.find(isNew));
    assert.equal(opened.state, 'open');
    const changed = await fetch(`${scene.url}/api/v1/apps/lidar_driver/configurations/scan_rate_hz`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', 'X-Client-Id': 'jan' },
      body: JSON.stringify({ data: 8 }),
    });
    assert.equal(changed.status, 200);

    const path = `${INCIDENTS}/${opened.id}`;
    // Late scans of a busy machine are further faults.
    const ofStop = (faults: readonly Json[]) => faults.filter(({ fault_code }) => !LATE_FAULTS.test(fault_code));
    const whole = await eventually(
      'its symptoms',
      async () => {
        const { body } = await scene.get(path);
        return body.faults && ofStop(body.faults).filter(({ role }) => role === 'symptom').length === 2 && body;
      },
      DRIVE_MS,
    );
    assert.deepEqual(
      ofStop(whole.faults).map(({ fault_code, role, because, rule_id }: Json) => [fault_code, role, because, rule_id]),
      [
        ['PROTECTIVE_STOP', 'root', 'first', undefined],
        ['ACTION_NAVIGATE_TO_POSE_ABORTED', 'symptom', 'rule', 'protective_stop'],
        ['NAVIGATION_GOAL_ABORTED', 'symptom', 'rule', 'protective_stop'],
      ],
    );
    assert.equal(whole.motion, 'blocked');
    assert.ok(whole.crossing.value < whole.crossing.threshold, JSON.stringify(whole.crossing));
    const others = (await scene.get(`${INCIDENTS}?state=open`)).body.items.filter(
      ({ root }: Json) => root !== whole.root,
    );
    assert.deepEqual(
      others
        .map(({ root }: Json) => root)
        .filter((root: string) => whole.faults.some((each: Json) => each.fault_code === root)),
      [],
      'no fault of it is an incident of its own',
    );
    await eventually('a recording', async () => (await scene.get(path)).body.recordings.length > 0);

    assert.equal((await scene.command('clear', 'obstacle')).code, 0);
    const over = await eventually(
      'it healed',
      async () => {
        const { body } = await scene.get(path);
        return body.state === 'healed' && body;
      },
      DRIVE_MS,
    );
    // The stream may report the end of the last fault after the incident.
    await eventually('an event of the stream at the time at which the incident healed', async () => {
      const apartMs = Math.abs(Date.parse(over.healed_at) - Math.max(...healing.moments));
      if (apartMs <= 50) return true;
      throw new Error(`${over.healed_at} is ${apartMs} ms from the last event`);
    });
    await healing.stop();
    assert.equal(over.motion, 'no blocking fault known');

    const { items } = (await scene.get(`${path}/timeline?kinds=fault,people,log&limit=1000`)).body;
    const people = items.filter(({ kind, item }: Json) => kind === 'people' && item === 'scan_rate_hz');
    assert.deepEqual(
      people.map(({ event, entity_id, by, outcome }: Json) => [event, entity_id, by, outcome]),
      [['PUT', 'lidar_driver', 'jan', 'done']],
    );
    const faults = items
      .filter(({ kind }: Json) => kind === 'fault')
      .map(({ event, fault_code }: Json) => `${fault_code} ${event}`);
    for (const code of ['PROTECTIVE_STOP', 'NAVIGATION_GOAL_ABORTED']) {
      assert.ok(faults.indexOf(`${code} confirmed`) < faults.indexOf(`${code} healed`), `${faults}`);
    }
    assert.ok(items.some(({ kind, text }: Json) => kind === 'log' && text.includes('Failed to make progress')));

    const exported = await fetch(`${scene.url}/api/v1${path}/export`);
    const archive = Buffer.from(await exported.arrayBuffer());
    assert.equal(Number(exported.headers.get('content-length')), archive.length);
    const files = zipEntries(archive);
    assert.equal(files.get('missing.txt')?.toString(), undefined);
    assert.equal(JSON.parse(files.get('incident.json')!.toString()).id, over.id);
    for (const { id, href, origin, format } of over.recordings) {
      const octets = files.get(`recordings/${origin ? `${origin}.` : ''}${id}.${format}`);
      const served = Buffer.from(await (await fetch(`${scene.url}/api/v1${href}`)).arrayBuffer());
      assert.ok(octets?.equals(served), `${id} is the file that is served`);
    }
    const report = files.get('report.html')!.toString();
    assert.match(report, /<polyline points="/);
    assert.doesNotMatch(report, /<script/i);
    assert.ok(files.get('audit.ndjson')!.toString().includes('scan_rate_hz'));
    assert.match(files.get('frames/safety_island.PROTECTIVE_STOP_1.csv')!.toString(), /^field,time,value\nc/);
  });
});
