import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Incident, IncidentDetail, IncidentList } from '@medkit/contract';
import { type RunningGateway, startGateway } from '@medkit/gateway';
import type { Receiver } from '@medkit/notify';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import { freePort } from '../federation/free-port.ts';
import { eventually } from '../harness/eventually.ts';
import { type SimulatedApi, type SimulatedRobot, simulatedRobot } from './live/simulated-robot.ts';

const ROBOTS = 60;
/** A campaign gives the robots 0 to 6 the new version. */
const UPDATED = 7;
const RELEASE = '/apps/app_1/configurations/release';
/** Robots of the site `graz`: the last ones. */
const AT_GRAZ = 10;

const root = mkdtempSync(join(tmpdir(), 'medkit-outbreak-'));
/** What the receiver of each topic got: `opened Motor hot`. */
const messages: string[] = [];
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { topic, title, message } = JSON.parse(Buffer.concat(chunks).toString());
    messages.push(`${topic} | ${title} | ${message}`);
    response.end('{}');
  });
});
const robots: SimulatedRobot[] = [];
const releases = new Map<number, unknown>();
let hub: RunningGateway;

async function ask<Reply>(method: string, path: string, body?: object): Promise<Reply> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${hub.url}/api/v1${path}`, {
    method,
    ...(body && { headers, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${text}`);
  return JSON.parse(text);
}
const incidents = async (): Promise<readonly Incident[]> =>
  (await ask<IncidentList>('GET', '/x-medkit-incidents')).items;
const online = async (): Promise<number> =>
  (await ask<{ presence: Record<string, number> }>('GET', '/x-medkit-fleet')).presence['online'] ?? 0;

/** Installs the release that is written to a configuration. */
const apiOf =
  (n: number): SimulatedApi =>
  async ({ method, path, body }) => {
    if (path !== RELEASE) return undefined;
    if (method === 'PUT') {
      const { data } = JSON.parse(body);
      await robots[n]!.install(data);
      releases.set(n, data);
    }
    return { status: 200, body: { id: 'release', data: releases.get(n) ?? '2.0.0' } };
  };

async function startHub(port: number, lost_after_sec = 2): Promise<void> {
  const { port: receiverPort } = receiver.address() as AddressInfo;
  const route = { leastSeverity: 1, entities: [], groups: [], hours: [], quiet: [], zone: 'UTC', breaksQuiet: 3 };
  const rest = {
    repeatMs: 0,
    maxRepeats: 0,
    afterMs: 0,
    notifiesHealed: true,
    url: `http://127.0.0.1:${receiverPort}`,
  };
  const ntfy = (name: string, sites: readonly string[]): Receiver => ({
    ...{ ...route, ...rest, name, topic: name, sites, type: 'ntfy' },
  });
  const base = await testConfig({ ros: { enabled: false }, receivers: [ntfy('all', []), ntfy('graz', ['graz'])] });
  const fleet = { ...base.fleet, enabled: true, lost_after_sec, outbreak_calm_sec: 1 };
  const incidents = { ...base.incidents, enabled: true };
  const config = { ...base, fleet, incidents, server: { ...base.server, port }, data_dir: join(root, 'hub') };
  hub = await startGateway({ config, environment: {}, log: () => undefined });
}

async function invite(site: string, uses: number): Promise<string> {
  const request = { name_pattern: 'r{serial}', uses, site, auto_approve: true };
  return (await ask<{ link: string }>('POST', '/x-medkit-fleet/invites', request)).link;
}

before(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  await startHub(await freePort());
  const berlin = await invite('berlin', ROBOTS - AT_GRAZ);
  const graz = await invite('graz', AT_GRAZ);
  for (let n = 0; n < ROBOTS; n += 1) {
    const robot = await simulatedRobot(n < ROBOTS - AT_GRAZ ? berlin : graz, String(n), n, apiOf(n));
    await robot.install('2.0.0');
    robot.connect();
    robots.push(robot);
  }
  await eventually('all robots', async () => (await online()) === ROBOTS);
});
after(async () => {
  await Promise.all(robots.map((robot) => robot.close()));
  await hub?.close();
  receiver.close();
  rmSync(root, { recursive: true });
});

suite('a hub with 60 robots', { timeout: 300_000 }, () => {
  test('reports a lost site as one incident, to the receivers of the site, and its return', async () => {
    const graz = robots.slice(-AT_GRAZ);
    await Promise.all(graz.map((robot) => robot.disconnect()));
    const site = await eventually('the incident', async () => (await incidents())[0]);
    assert.deepEqual([site.root, site.state, site.outbreak?.sites], ['SITE_LOST', 'open', ['graz']]);
    await eventually('the notifications', async () => messages.length >= 2);
    assert.deepEqual(messages.map((each) => each.split(' ')[0]).sort(), ['all', 'graz']);
    for (const robot of graz) robot.connect();
    await eventually('the return', async () => (await incidents())[0]?.state === 'healed');
    await eventually('the notifications', async () => messages.length >= 4);
    assert.equal((await incidents()).length, 1, 'no robot is reported separately');
    assert.equal(messages.length, 4);
  });

  test('reports a fault after an update as one incident that names the version and the campaign, once', async () => {
    messages.length = 0;
    const updated = robots.slice(0, UPDATED);
    await ask('POST', '/x-medkit-fleet/campaigns', {
      id: 'motors-2-1',
      kind: 'configuration',
      changes: [{ entity: 'apps/app_1', parameter: 'release', from: '2.0.0', to: '2.1.0' }],
      targets: { robots: updated.map((_, n) => `r${n}`) },
      waves: [{ percent: 100 }],
      gate: { soak_sec: 3600 },
    });
    await eventually('the new version', async () => {
      const { items } = await ask<{ items: readonly unknown[] }>(
        'GET',
        '/x-medkit-fleet/robots?version=2.1.0&state=online',
      );
      return items.length === UPDATED;
    });
    await Promise.all(updated.map((robot) => robot.setFault('MOTOR_HOT', true)));
    const found = await eventually('the incident', async () =>
      (await incidents()).find(({ outbreak }) => outbreak?.kind === 'issue_spreads' && outbreak.robots === UPDATED),
    );
    assert.equal(found.title, 'MOTOR_HOT on 7 robots');
    assert.match(
      found.outbreak!.about,
      / 7 of 7 have 2\.1\.0, 0 of 53 others\. 7 of 7 were changed by the campaign motors-2-1 within 24 h before\.$/,
    );
    const { outbreak_detail: detail } = await ask<IncidentDetail>('GET', `/x-medkit-incidents/${found.id}`);
    assert.deepEqual(
      detail?.members.map(({ robot }) => robot).sort(),
      updated.map((_, n) => `r${n}`),
    );
    assert.deepEqual(detail?.by_version, [
      { name: '2.1.0', affected: 7, others: 0 },
      { name: '2.0.0', affected: 0, others: 53 },
    ]);
    assert.deepEqual([detail?.change?.version, detail?.change?.robots], ['2.1.0', UPDATED]);
    assert.deepEqual([detail?.campaign?.id, detail?.campaign?.robots], ['motors-2-1', UPDATED]);
    await eventually('the notification', async () => messages.length > 0);
    assert.match(messages.join(), /^all \| .*MOTOR_HOT on \d robots.*7 of 7 have 2\.1\.0|^all \| .*MOTOR_HOT/s);

    const port = Number(new URL(hub.url).port);
    await hub.close();
    await startHub(port, 900);
    await eventually('all robots', async () => (await online()) === ROBOTS);
    await Promise.all(updated.map((robot) => robot.setFault('MOTOR_HOT', false)));
    await eventually('its end', async () => (await incidents()).find(({ id }) => id === found.id)?.state === 'healed');
    await eventually('the last notification', async () => messages.length >= 2);
    assert.deepEqual(
      (await incidents()).map(({ root }) => root),
      ['ISSUE_SPREADS', 'SITE_LOST'],
    );
    assert.deepEqual(
      messages.map((each) => each.split(' ')[0]),
      ['all', 'all'],
      'one alert and its end',
    );
  });
});
