import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  ALL_ROUTES,
  API_BASE,
  type Incident,
  type IncidentDetail,
  type IncidentList,
  type IncidentTimeline,
  type Route,
} from '@medkit/contract';
import { systemClock } from '@medkit/edges/node';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { type TestUplinkRobot, testUplinkRobot } from '../../packages/gateway/src/testing/test-uplink-robot.ts';
import { eventually } from '../harness/eventually.ts';
import { openTestAccounts } from '../security/account-gateway.ts';

/** Routes that concern the whole fleet: their replies are not limited to sites. */
const WHOLE_FLEET = [
  'readFleetEvidenceRules',
  'listFleetArtifacts',
  ...['listFleetCampaigns', 'getFleetCampaign', 'listFleetCampaignRobots'],
];
/** Everything of site B contains this text. */
const SECRET = /zzb/i;
const SITE_B = 'Zzb Werk';
/** Values of path and query parameters: of site A, of site B, and names that the hub does not have. */
const OF_A: Record<string, string> = {
  ...{ area_id: 'alpha', component_id: 'amr-1', function_id: 'line-1', robot: 'amr-1', site: 'alpha', group: 'line-1' },
  ...{ fault_code: 'MOTOR', code: 'MOTOR', label: 'line', q: 'amr', version: '1' },
};
const OF_B: Record<string, string> = {
  ...{ component_id: 'zzb-1', function_id: 'zzb-group', robot: 'zzb-1', site: SITE_B, group: 'zzb-group' },
  ...{ fault_code: 'ZZB_FAULT', code: 'ZZB_FAULT', label: 'zzb', q: 'zzb', version: 'zzb' },
};
const unknownOf = (text: string): string =>
  text.replaceAll('zzb', 'nob').replaceAll('Zzb', 'Nob').replaceAll('ZZB', 'NOB');

let hub: TestHub;
let limited: string;
let admin: string;
/** An account that is limited to entities instead. */
let scoped: string;
let invitesOfB = '';
/** Numbers of issues and evidence begin here: no other number of a reply is equal. */
const FIRST_NUMBER = 888_001;
const robots = new Map<string, TestUplinkRobot>();
const closing: (() => unknown)[] = [];

const isStream = ({ method, responses }: Route): boolean =>
  method === 'get' && responses[200]?.media === 'text/event-stream';
const asAdmin = (method: string, path: string, body?: unknown) =>
  hub.call(method, `${API_BASE}${path}`, body, { authorization: admin });
const ofFleet = (method: string, path: string, body?: unknown) => asAdmin(method, `/x-medkit-fleet${path}`, body);

before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medkit-hub-grants-'));
  const { known, accounts, principals } = await openTestAccounts({ folder, clock: systemClock });
  // All robots have one outbreak: their medkit is too old.
  const fleet = { enabled: true, oldest_medkit: '99.0.0' };
  hub = await testHub({ incidents: { enabled: true }, fleet }, { accounts: known, principals });
  closing.push(
    () => hub.close(),
    () => known.close(),
    () => rm(folder, { recursive: true }),
  );
  const key = async (grants?: { site: string }[]) =>
    `Bearer ${(await accounts.keys.add({ name: 'k', role: 'admin', owner: 'local', ...(grants && { grants }) })).text}`;
  admin = await key();
  limited = await key([{ site: 'alpha' }]);
  const scopes = [{ entities: ['components/amr-1/**'] }];
  scoped = `Bearer ${(await accounts.keys.add({ name: 's', role: 'admin', owner: 'local', scopes })).text}`;
  const withRights = { ...hub, fleet: ofFleet } as TestHub;
  await hub.store.write([
    {
      sql: "INSERT INTO fleet_issues (id, fingerprint, severity) VALUES (?, 'x', 0)",
      parameters: [FIRST_NUMBER - 1],
    },
    { sql: 'DELETE FROM fleet_issues' },
  ]);
  for (const [at, [name, site]] of (
    [
      ['amr-1', 'alpha'],
      ['zzb-1', SITE_B],
    ] as const
  ).entries()) {
    const robot = await testUplinkRobot(3 + at);
    robots.set(name, robot);
    const uplink = await connectTestRobot(await enrolTestRobot(withRights, name, { site }), robot.server);
    closing.unshift(
      () => uplink.close(),
      () => robot.close(),
    );
    await robot.report('MOTOR');
  }
  await robots.get('zzb-1')!.report('ZZB_FAULT');
  await eventually('the issues', async () => (await ofFleet('GET', '/issues')).json().total === 2);
  await addIssuesAndEvidence();
  await addOutbreaks();
  await ofFleet('PUT', '/robots/amr-1', { labels: { line: '1' } });
  await ofFleet('PUT', '/robots/zzb-1', { labels: { line: '1', zzb: 'zzb' }, note: 'zzb note' });
  await ofFleet('POST', '/groups', { id: 'line-1', labels: ['line=1'] });
  await ofFleet('POST', '/groups', { id: 'zzb-group', labels: ['zzb'] });
  await ofFleet('PUT', `/sites/${encodeURIComponent(SITE_B)}`, { zone: 'Europe/Berlin', maintenance: [] });
  const invited = await ofFleet('POST', '/invites', { site: SITE_B, name_pattern: 'zzb-{serial}', uses: 3 });
  invitesOfB = invited.json().id;
  OF_A['invite'] = (await ofFleet('POST', '/invites', { site: 'alpha', name_pattern: 'amr-{serial}' })).json().id;
  await eventually('the faults of both', async () => (await ofFleet('GET', '/faults')).json().total === 3);
  await eventually('the tree', async () => {
    hub.clock.advance(10);
    const { items } = (await asAdmin('GET', '/areas')).json();
    OF_B['area_id'] = items.find(({ name }: { name: string }) => name === SITE_B)?.id;
    const functions = (await asAdmin('GET', '/functions')).json().items;
    return OF_B['area_id'] !== undefined && functions.some(({ id }: { id: string }) => id === 'zzb-group');
  });
  await eventually('their trees', async () => {
    const [row] = await hub.store.read('SELECT count(*) AS n FROM fleet_trees');
    return row?.n === 2;
  });
});
after(async () => {
  for (const close of closing) await close();
});

/** Adds what the hub has of issues and evidence of both sites. */
async function addIssuesAndEvidence(): Promise<void> {
  const { items } = (await ofFleet('GET', '/issues')).json();
  const idOf = (code: string) => items.find((item: { fault_code: string }) => item.fault_code === code).id;
  [OF_A['issue'], OF_B['issue']] = [idOf('MOTOR'), idOf('ZZB_FAULT')];
  [OF_A['evidence'], OF_B['evidence']] = [String(FIRST_NUMBER + 50), String(FIRST_NUMBER + 51)];
  const ofZzb = "robot = (SELECT id FROM fleet_robots WHERE name = 'zzb-1')";
  const descriptor = JSON.stringify({ evidence: 'logs', id: 'l' });
  await hub.store.write([
    { sql: `UPDATE fleet_occurrences SET version = 'zzb-2.0', severity = 3 WHERE ${ofZzb}` },
    ...[OF_A, OF_B].map(({ evidence, robot, code }) => ({
      sql: `INSERT INTO fleet_evidence_files (id, robot, log, key, kind, code, version, descriptor, state, reason, reported_ms)
            SELECT ?, id, 'l', 'k', 'logs', ?, '', ?, 'offered', 'the hub has 3 of zzb', 1 FROM fleet_robots WHERE name = ?`,
      parameters: [Number(evidence), code!, descriptor, robot!],
    })),
  ]);
  await ofFleet('POST', '/recount');
  const decision = { state: 'resolved', in_version: 'zzb-2.0', owner: 'zzb', note: 'zzb' };
  await ofFleet('PUT', `/issues/${OF_A['issue']}`, decision);
  await hub.store.write([
    {
      sql: `INSERT INTO fleet_issue_regressions (issue, robot, at_ms, version)
            SELECT ?, id, 1, 'zzb-2.0' FROM fleet_robots WHERE name = 'zzb-1'`,
      parameters: [Number(OF_A['issue'])],
    },
    {
      sql: `UPDATE fleet_issues SET severity = 3, regressed_ms = 1, regressed_version = 'zzb-2.0', regressed_robot =
              (SELECT id FROM fleet_robots WHERE name = 'zzb-1') WHERE decision = 'resolved'`,
    },
  ]);
}

/** Adds an outbreak of each robot besides that of both, with what people of the whole fleet decided on them. */
async function addOutbreaks(): Promise<void> {
  await hub.store.write(
    ['zzb-1', 'amr-1'].map((robot, at) => ({
      sql: `INSERT INTO fleet_problems (robot, code, message, since_ms)
            SELECT id, 'cloned', ?, CAST(? AS INTEGER) FROM fleet_robots WHERE name = ?`,
      parameters: [`Two machines use the key of ${robot}`, at + 1, robot],
    })),
  );
  const incidents = async () => (await asAdmin('GET', '/x-medkit-incidents')).json().items;
  await eventually('three outbreaks, one with both robots', async () => {
    const items = await incidents();
    return items.length === 3 && items.some(({ outbreak }: Incident) => outbreak?.robots === 2);
  });
  const items: readonly Incident[] = await incidents();
  const idOf = (subject: string) => items.find(({ outbreak }) => outbreak?.subject === subject)!.id;
  const [old] = items.filter(({ outbreak }) => outbreak?.kind === 'version_too_old');
  for (const id of [old!.id, idOf('amr-1'), idOf('zzb-1')])
    await asAdmin('PUT', `/x-medkit-incidents/${id}`, { acknowledged: true, note: 'as at zzb' });
  [OF_A['incident_id'], OF_B['incident_id']] = [old!.id, idOf('zzb-1')];
  // Two outbreaks of the whole fleet are one incident, of which an account of A has a part.
  const merged = await asAdmin('POST', `/x-medkit-incidents/${idOf('zzb-1')}/merge`, { incidents: [idOf('amr-1')] });
  assert.equal(merged.json().outbreak.subject, 'zzb-1');
}

/** Returns the address of a route with these values, and `x` for other parameters. */
const addressOf = (route: Route, values: Record<string, string>, query = ''): string =>
  API_BASE + route.path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name] ?? 'x')) + query;

/** Asks with the rights of an account for site A; the body of the first example of the route. */
async function ask({ method, body }: Route, url: string, more: RequestInit = {}) {
  const [example] = Object.values(body?.examples ?? {});
  const isJson = example !== undefined && body?.media === undefined;
  const reply = await fetch(`${hub.url}${url}`, {
    method: method.toUpperCase(),
    redirect: 'manual',
    headers: { authorization: limited, ...(isJson && { 'content-type': 'application/json' }) },
    ...(isJson && { body: JSON.stringify(example) }),
    ...more,
  });
  return { status: reply.status, headers: JSON.stringify([...reply.headers]), text: await reply.text() };
}

/** Checks that the reply for names of B is the reply for names that the hub does not have. */
async function assertUnknown(route: Route, ofB: string, other: string): Promise<void> {
  const [secret, unknown] = [await ask(route, ofB), await ask(route, other)];
  const [b, nothing] = [secret, unknown].map(({ text }) =>
    unknownOf(text).replaceAll(
      new RegExp(`\\b(?:${invitesOfB}|${OF_B['issue']}|${OF_B['evidence']}|${OF_B['incident_id']}|999999)\\b`, 'g'),
      'ID',
    ),
  );
  assert.deepEqual([secret.status, b], [unknown.status, nothing], `${route.method} ${ofB}`);
  if (route.path.includes('{')) assert.ok(secret.status !== 200 || !SECRET.test(secret.text), ofB);
}

/** What the hub has of site B, without what changes with time. */
async function stateOfB(): Promise<unknown> {
  const { last_seen: _, as_of: __, log: ___, ...robot } = (await ofFleet('GET', '/robots/zzb-1')).json();
  const items = async (path: string) =>
    (await ofFleet('GET', path)).json().items.filter((item: object) => SECRET.test(JSON.stringify(item)));
  return [robot, await items('/sites'), await items('/groups'), await items('/invites')];
}

/** Checks the outbreaks of an account for site A. */
async function hasOutbreaks(read: (path: string) => Promise<Record<string, unknown>>): Promise<void> {
  const { items } = (await read('/x-medkit-incidents')) as unknown as IncidentList;
  assert.deepEqual(items.map(({ outbreak }) => [outbreak?.kind, outbreak?.robots, outbreak?.sites]).sort(), [
    ['cloned', 1, ['alpha']],
    ['version_too_old', 1, ['alpha']],
  ]);
  const detail = (await read(`/x-medkit-incidents/${OF_A['incident_id']}`)) as unknown as IncidentDetail;
  const { title, notes, acknowledged_by, outbreak, outbreak_detail } = detail;
  assert.match(
    `${title}. ${outbreak?.about}`,
    /^medkit \S+ is too old: 1 robot\. 1 robot had medkit \S+: update medkit on them\.$/,
  );
  assert.deepEqual([notes, acknowledged_by !== undefined, outbreak?.groups], [[], true, ['line-1']]);
  assert.deepEqual(outbreak_detail?.by_site, [{ name: 'alpha', affected: 1, others: 0 }]);
  const { items: rows, withheld } = (await read(
    `/x-medkit-incidents/${OF_A['incident_id']}/timeline`,
  )) as unknown as IncidentTimeline;
  const events = new Set(rows.map(({ event }) => event));
  assert.deepEqual([events.has('confirmed'), events.has('acknowledged'), events.has('note')], [true, true, false]);
  assert.ok(rows.every(({ kind }) => kind === 'fault' || kind === 'incident') && withheld?.includes('log'));
  const whole = (await asAdmin('GET', `/x-medkit-incidents/${OF_A['incident_id']}`)).json();
  assert.deepEqual([whole.outbreak.robots, whole.notes.length > 0], [2, true]);
}

describe('an account that is limited to site A, on every route of the contract', () => {
  it('reads nothing of site B, with and without names of B in the request', async () => {
    for (const route of ALL_ROUTES.filter(({ method }) => method === 'get')) {
      const values: Record<string, string> = { ...OF_B, invite: invitesOfB };
      const others = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, unknownOf(value)]));
      for (const name of ['invite', 'issue', 'evidence', 'incident_id']) others[name] = '999999';
      if (!isStream(route)) {
        const { headers, text } = await ask(route, addressOf(route, OF_A));
        assert.doesNotMatch(headers + text, SECRET, route.path);
        for (const { name, schema } of route.parameters.filter((each) => each.in === 'query')) {
          if ((schema as { readonly type?: unknown }).type !== 'string') continue;
          const query = (of: Record<string, string>, other: string) =>
            `?${name}=${encodeURIComponent(of[name] ?? other)}`;
          const paths = [query(values, 'zzb'), query(others, 'nob')] as const;
          await assertUnknown(route, addressOf(route, OF_A, paths[0]), addressOf(route, OF_A, paths[1]));
        }
      }
      if (route.path.includes('{')) await assertUnknown(route, addressOf(route, values), addressOf(route, others));
      await assertUnknown(route, `/fleet/zzb-1${addressOf(route, OF_A)}`, `/fleet/nob-1${addressOf(route, OF_A)}`);
    }
  });

  it('changes nothing of site B, and cannot find out whether it exists', async () => {
    const before = await stateOfB();
    for (const route of ALL_ROUTES.filter(({ method }) => method !== 'get')) {
      const values: Record<string, string> = { ...OF_B, invite: invitesOfB };
      const others = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, unknownOf(value)]));
      for (const name of ['invite', 'issue', 'evidence', 'incident_id']) others[name] = '999999';
      if (route.path.includes('{')) await assertUnknown(route, addressOf(route, values), addressOf(route, others));
      await assertUnknown(route, `/fleet/zzb-1${addressOf(route, OF_A)}`, `/fleet/nob-1${addressOf(route, OF_A)}`);
    }
    assert.deepEqual(await stateOfB(), before);
  });

  it('receives no event of site B on any stream', async () => {
    const ending = new AbortController();
    const streams = ALL_ROUTES.filter(isStream);
    const texts = new Map<string, string>();
    const read = async (route: Route, authorization: string, name: string): Promise<void> => {
      const url = `${hub.url}${addressOf(route, OF_A)}`;
      const reply = await fetch(url, { headers: { authorization }, signal: ending.signal });
      if (reply.status === 200) opened.push(name);
      for await (const chunk of reply.body!) texts.set(name, (texts.get(name) ?? '') + Buffer.from(chunk).toString());
    };
    const opened: string[] = [];
    const ended = Promise.allSettled(
      streams.flatMap((route) => [
        read(route, limited, route.path),
        // An account with scopes has events of entities of the hub itself: none of robots.
        read(route, scoped, `scoped ${route.path}`),
      ]),
    );
    const events = () => texts.get('/faults/stream') ?? '';
    await eventually('the past events', async () => events().includes('"amr-1"'));
    await robots.get('zzb-1')!.report('ZZB_LATE');
    await ofFleet('PUT', '/robots/zzb-1', { note: 'zzb changed' });
    await eventually(
      'the event at the hub',
      async () => (await ofFleet('GET', '/faults?code=ZZB_LATE')).json().total === 1,
    );
    await robots.get('amr-1')!.report('LATE');
    await eventually('the event of A', async () => events().includes('"LATE"'));
    await asAdmin('PUT', `/x-medkit-incidents/${OF_B['incident_id']}`, { acknowledged: false });
    await asAdmin('PUT', `/x-medkit-incidents/${OF_A['incident_id']}`, { note: 'zzb again' });
    await asAdmin('PUT', `/x-medkit-incidents/${OF_A['incident_id']}`, { state: 'closed' });
    const news = () => (texts.get('/x-medkit-live') ?? '').match(/(?<=event: incident\ndata: ).*/g) ?? [];
    await eventually('the change that A sees', async () => news().length > 0);
    assert.deepEqual(
      news().map((text) => [JSON.parse(text).news, JSON.parse(text).incident.id]),
      [['closed', OF_A['incident_id']]],
      'the note and the outbreak of B are no changes',
    );
    ending.abort();
    await ended;
    const ofScopes = opened.filter((name) => name.startsWith('scoped ')).sort();
    assert.deepEqual(
      ofScopes,
      ['/faults/stream', '/x-medkit-live', '/x-medkit-tree/events'].map((each) => `scoped ${each}`),
    );
    assert.doesNotMatch(texts.get('scoped /faults/stream') ?? '', /event:/);
    for (const [path, text] of texts) assert.doesNotMatch(text, SECRET, path);
  });

  it('has counts, lists, sites and groups of its robots alone', async () => {
    const read = async (path: string) =>
      (await hub.call('GET', `${API_BASE}${path}`, undefined, { authorization: limited })).json();
    const counts = await read('/x-medkit-fleet');
    assert.deepEqual([counts.robots, counts.states, counts.faults.error], [1, { approved: 1 }, 2]);
    assert.deepEqual(
      counts.sites.map(({ site, robots }: { site: string; robots: number }) => [site, robots]),
      [['alpha', 1]],
    );
    assert.equal((await read('/x-medkit-fleet/robots')).total, 1);
    assert.deepEqual(
      (await read('/x-medkit-fleet/groups')).items.map(({ id }: { id: string }) => id),
      ['line-1'],
    );
    assert.deepEqual(
      (await read('/x-medkit-fleet/faults')).items.map(({ robot }: { robot: string }) => robot),
      ['amr-1', 'amr-1'],
    );
    assert.deepEqual((await read('/functions/line-1'))['x-medkit'].hosts, ['amr-1']);
    assert.equal((await read('/components')).items.length, 1);
    const [issue, ...others] = (await read('/x-medkit-fleet/issues?code=MOTOR')).items;
    assert.deepEqual(
      [issue.fault_code, issue.state, issue.occurrences, issue.robots, issue.severity_label, others.length],
      ['MOTOR', 'resolved', 1, 1, 'ERROR', 0],
    );
    const detail = await read(`/x-medkit-fleet/issues/${issue.id}`);
    const sites = detail.by_site.map(({ site, occurrences }: { site: string; occurrences: number }) => [
      site,
      occurrences,
    ]);
    assert.deepEqual([detail.by_robot.length, sites, detail.notes], [1, [['alpha', 1]], []]);
    const evidence = await read('/x-medkit-fleet/evidence');
    assert.deepEqual([evidence.total, evidence.items[0].robot, evidence.items[0].reason], [1, 'amr-1', undefined]);
    await hasOutbreaks(read);
    const whole = (await ofFleet('GET', `/issues/${issue.id}`)).json();
    assert.deepEqual([whole.state, whole.robots, whole.severity_label], ['regressed', 2, 'CRITICAL']);
    const { items } = (await ofFleet('GET', '/robots')).json();
    assert.equal(items.length, 2);
  });
});

it('documents and metrics contain nothing of site B', async () => {
  const [route] = ALL_ROUTES;
  for (const name of ['zzb-1', 'nob-1']) {
    const { status, text } = await ask(route!, `${API_BASE}/docs/components/${name}`);
    assert.deepEqual([status, SECRET.test(text)], [403, false], name);
  }
  for (const url of ['/docs', `${API_BASE}/docs`, `${API_BASE}/metrics`, '/metrics', '/fleet/amr-1/'])
    assert.doesNotMatch((await ask(route!, url)).text, SECRET, url);
});

it('an account with scopes of entities has these of the tree, and nothing of the fleet and of its robots', async () => {
  const read = (route: Route, url: string) => ask(route, url, { headers: { authorization: scoped } });
  for (const route of ALL_ROUTES.filter((each) => each.method === 'get')) {
    // Streams of the whole gateway are read above, until they have the events.
    if (isStream(route) && route.kind === undefined && !route.path.startsWith('/x-medkit-fleet')) continue;
    const { status, headers, text } = await read(route, addressOf(route, OF_A));
    assert.doesNotMatch(headers + text, SECRET, route.path);
    // Such an account may read the streams of entities; a hub has none, as it has no triggers and subscriptions.
    if (isStream(route) && route.kind !== undefined) assert.ok([403, 404].includes(status), route.path);
    else if (route.permission !== 'public' && route.path.startsWith('/x-medkit-fleet'))
      assert.equal(status, 403, route.path);
    if (route.kind === undefined || route.path.split('{').length > 2) continue;
    const [secret, unknown] = [
      OF_B,
      Object.fromEntries(Object.entries(OF_B).map(([name, of]) => [name, unknownOf(of)])),
    ];
    const replies = [await read(route, addressOf(route, secret!)), await read(route, addressOf(route, unknown!))];
    assert.deepEqual(unknownOf(replies[0]!.text), replies[1]!.text, route.path);
  }
  const [route] = ALL_ROUTES;
  const { items } = JSON.parse((await read(route!, `${API_BASE}/components`)).text);
  assert.deepEqual(
    items.map(({ id }: { id: string }) => id),
    ['amr-1'],
  );
  assert.deepEqual(JSON.parse((await read(route!, `${API_BASE}/faults`)).text).items, []);
  for (const each of ALL_ROUTES.filter((one) => one.method === 'get')) {
    const { status, text } = await read(each, `/fleet/amr-1${addressOf(each, OF_A)}`);
    assert.equal(status, 403, `${each.path} ${text}`);
  }
  assert.equal((await read(route!, `/fleet/amr-1${API_BASE}/x-other`)).status, 403);
});

it('decisions on issues, outbreaks and evidence of all sites are refused with the remedy', async () => {
  const [issues, evidence] = [`${API_BASE}/x-medkit-fleet/issues`, `${API_BASE}/x-medkit-fleet/evidence`];
  const incident = `${API_BASE}/x-medkit-incidents/${OF_A['incident_id']}`;
  const replies = [
    await hub.call('PUT', `${issues}/${OF_A['issue']}`, { state: 'muted' }, { authorization: limited }),
    await hub.call('POST', `${evidence}/${OF_A['evidence']}/fetch`, undefined, { authorization: limited }),
    await hub.call('PUT', `${evidence}/${OF_A['evidence']}/pin`, { pinned: true }, { authorization: limited }),
    await hub.call('PUT', `${incident}`, { state: 'closed' }, { authorization: limited }),
    await hub.call('POST', `${incident}/split`, { faults: [{ fault_code: 'X' }] }, { authorization: limited }),
    await hub.call('GET', `${incident}/export`, undefined, { authorization: limited }),
  ];
  for (const { status, text } of replies) assert.ok(status === 403 && text.includes('an account without limits'), text);
});

it('every route of the fleet answers limited accounts, or says that it concerns the whole hub', async () => {
  const refused: string[] = [];
  for (const route of ALL_ROUTES.filter(({ path }) => path.startsWith('/x-medkit-fleet'))) {
    if (isStream(route) || route.method !== 'get') continue;
    const { status } = await ask(route, addressOf(route, OF_A));
    if (status === 403) refused.push(route.operationId);
  }
  assert.deepEqual(refused.sort(), [...WHOLE_FLEET].sort());
});
