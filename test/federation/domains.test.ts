import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { freePort } from './free-port.ts';
import { type RobotOnDomain, startRobot } from './robot-on-domain.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers may have any shape.
type Document = any;

interface Gateway {
  readonly program: Program;
  ask(
    method: string,
    path: string,
    body?: object,
    client?: string,
  ): Promise<{ readonly status: number; body: Document }>;
}

/** A gateway on a separate domain, on a fixed port, because the gateways are peers of each other. */
interface Site {
  readonly name: string;
  readonly domainId: number;
  readonly port: number;
  /** Its nodes, with the value that each publishes. */
  readonly nodes: Readonly<Record<string, number>>;
  readonly peers: readonly string[];
}

const folder = mkdtempSync(join(tmpdir(), 'medkit-domains-'));
const sites = new Map<string, Site>();
const gateways = new Map<string, Gateway>();
const robots = new Map<string, RobotOnDomain>();

/** Manifest of a site: its machine in a cell that all sites share, a pump, and a box outside of the graph. */
function manifestOf(name: string): string {
  return `manifest_version: "1.0"
areas:
  - {id: hall, name: Hall}
components:
  - {id: cell, name: Cell, area: hall}
  - {id: ${name}_machine, name: machine of ${name}, area: hall, parent_component_id: cell}
  - {id: ${name}_box, name: box of ${name}, external: true, area: hall, parent_component_id: cell}
  - {id: scale, name: Scale, area: hall}
apps:
  - {id: ${name}_pump, name: pump, is_located_on: ${name}_machine, ros_binding: {node_name: ${name}_pump}}
  - {id: ${name}_plc, name: plc, is_located_on: ${name}_box, external: true}
functions:
  - {id: dosing, name: Dosing, hosted_by: [${name}_pump]}
${name === 'head' ? '  - {id: far, name: Far, hosted_by: [middle_pump, tail_pump]}' : ''}
`;
}

async function start({ name, domainId, port, peers }: Site): Promise<void> {
  const manifest = join(folder, `${name}.yaml`);
  writeFileSync(manifest, manifestOf(name));
  const urls = peers.map((peer) => `http://127.0.0.1:${sites.get(peer)?.port}`);
  const settings = [
    'discovery.mode=hybrid',
    `discovery.manifest_path=${manifest}`,
    // The hosts of a function may be on other gateways.
    'discovery.manifest_strict_validation=false',
    `aggregation.enabled=${peers.length > 0}`,
    ...(peers.length > 0 ? [`aggregation.peer_urls=${urls}`, `aggregation.peer_names=${peers}`] : []),
  ];
  const program = startProgram(
    [
      ...['up', '--port', String(port), '--data-dir', join(folder, name)],
      ...settings.flatMap((each) => ['--set', each]),
    ],
    { env: { ROS_DOMAIN_ID: String(domainId), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' } },
  );
  const [, url = ''] = await program.printed(/Page +(http:\/\/127\.0\.0\.1:\d+)/);
  gateways.set(name, {
    program,
    async ask(method, path, body, client) {
      const reply = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { ...(client && { 'x-client-id': client }), ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
    },
  });
}

const ask = (name: string, method: string, path: string, body?: object, client?: string) =>
  (gateways.get(name) ?? assert.fail(name)).ask(method, path, body, client);
const idsOf = async (name: string, path: string): Promise<readonly string[]> =>
  (await ask(name, 'GET', path)).body.items.map(({ id }: { readonly id: string }) => id);
const factsOf = async (name: string, path: string): Promise<Document> =>
  (await ask(name, 'GET', path)).body['x-medkit'];
const codesOf = async (path: string): Promise<readonly string[]> =>
  (await ask('head', 'GET', path)).body.items
    .map(({ fault_code }: { readonly fault_code: string }) => fault_code)
    .sort();

describe('robots on separate domains whose gateways form a ring', { timeout: 240_000 }, () => {
  before(async () => {
    const next: Readonly<Record<string, string>> = { head: 'middle', middle: 'tail', tail: 'head' };
    const warm: Readonly<Record<string, number>> = { head: 10, middle: 20, tail: 30 };
    for (const [name, peer] of Object.entries(next)) {
      const nodes = { [`${name}_pump`]: warm[name] ?? 0, lidar: (warm[name] ?? 0) + 1, [`${name}_probe`]: 1 };
      sites.set(name, { name, domainId: await reserveDomain(), port: await freePort(), nodes, peers: [peer] });
    }
    for (const site of sites.values()) {
      robots.set(site.name, await startRobot(site.domainId, site.nodes));
      await start(site);
    }
    for (const name of ['middle', 'tail']) {
      await eventually(`${name}_probe at the head`, async () =>
        (await idsOf('head', '/apps')).includes(`${name}_probe`),
      );
      await eventually(`${name}_pump online`, async () => (await factsOf('head', `/apps/${name}_pump`)).is_online);
    }
  });
  after(async () => {
    for (const { program } of gateways.values()) await program.end('SIGINT');
    for (const robot of robots.values()) await robot.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('have one tree at every gateway, with apps of the same id distinguished, and no entity returns around the ring', async () => {
    const names = [...sites.keys()];
    for (const name of names) {
      const others = names.filter((each) => each !== name);
      const apps = names.flatMap((each) => ['plc', 'probe', 'pump'].map((app) => `${each}_${app}`));
      const lidars = ['lidar', ...others.map((each) => `${each}__lidar`)];
      assert.deepEqual((await idsOf(name, '/apps')).toSorted(), [...apps, ...lidars].sort(), name);
      assert.deepEqual((await idsOf(name, '/areas')).toSorted(), ['hall'], name);
    }
  });

  it('are read through the middle gateway, two hops away', async () => {
    const warmth = async (app: string, topic: string) =>
      (await ask('head', 'GET', `/apps/${app}/data/${topic}%2Ftemperature`)).body.data.data;
    assert.deepEqual([await warmth('head_pump', 'head_pump'), await warmth('tail_pump', 'tail_pump')], [10, 30]);
    assert.deepEqual([await warmth('lidar', 'lidar'), await warmth('tail__lidar', 'lidar')], [11, 31]);
  });

  it('share one cell with parts at every gateway, and keep leaves of the same id separate, with a warning', async () => {
    assert.deepEqual((await factsOf('head', '/components/cell')).contributors, ['local', 'peer:middle']);
    const parts = [...sites.keys()].flatMap((name) => [`${name}_box`, `${name}_machine`]);
    assert.deepEqual((await idsOf('head', '/components/cell/subcomponents')).toSorted(), parts.sort());
    const { warnings } = (await ask('head', 'GET', '/health')).body;
    const { entity_ids } = warnings.find(({ code }: { readonly code: string }) => code === 'leaf_id_collision');
    assert.deepEqual(entity_ids, ['scale', 'middle__scale']);
    // The middle gateway reports the last one's entity with this name.
    for (const id of [...entity_ids, 'tail__scale'])
      assert.equal((await ask('head', 'GET', `/components/${id}`)).status, 200, id);
  });

  it('have one function across all of them, each part of it readable', async () => {
    const { items } = (await ask('head', 'GET', '/functions/dosing/data')).body;
    const values: number[] = [];
    for (const { id } of items.filter(({ id }: { readonly id: string }) => id.endsWith('temperature'))) {
      values.push((await ask('head', 'GET', `/functions/dosing/data/${encodeURIComponent(id)}`)).body.data.data);
    }
    assert.deepEqual(values, [10, 20, 30]);
  });

  it('have their faults in one list, each once, including faults outside the graph', async () => {
    await robots.get('tail')?.report('PUMP_HOT', '/tail_pump');
    await robots.get('middle')?.report('PLC_DOWN', 'middle_plc');
    await robots.get('head')?.report('PUMP_HOT', '/head_pump');
    const { items, 'x-medkit': facts } = (await ask('head', 'GET', '/faults')).body;
    assert.deepEqual(
      items.map((item: Document) => [item.fault_code, item.description, item['x-medkit']?.origin ?? 'head']).sort(),
      [
        ['PLC_DOWN', 'PLC_DOWN of middle_plc', 'middle'],
        ['PUMP_HOT', 'PUMP_HOT of /head_pump', 'head'],
        ['PUMP_HOT', 'PUMP_HOT of /tail_pump', 'middle'],
      ],
    );
    assert.deepEqual([facts.count, facts.partial], [3, undefined]);
    assert.deepEqual(await codesOf('/apps/tail_pump/faults'), ['PUMP_HOT']);
    assert.deepEqual(await codesOf('/apps/middle_plc/faults'), ['PLC_DOWN']);
    assert.deepEqual(await codesOf('/components/middle_box/faults'), ['PLC_DOWN']);
    assert.deepEqual(await codesOf('/components/cell/faults'), ['PLC_DOWN', 'PUMP_HOT', 'PUMP_HOT']);
  });

  it('check locks at the owner of the entity, for the client of the first gateway', async () => {
    const lock = await ask('head', 'POST', '/apps/tail_pump/locks', { lock_expiration: 60 }, 'alice');
    assert.equal(lock.status, 201);
    const set = async (client: string) =>
      (await ask('head', 'PUT', '/apps/tail_pump/configurations/limit', { data: 33.5 }, client)).status;
    assert.deepEqual([await set('bob'), await set('alice')], [409, 200]);
    const held = await ask('tail', 'GET', `/apps/tail_pump/locks/${lock.body.id}`, undefined, 'alice');
    assert.equal(held.body.owned, true);
    assert.equal(
      (await ask('head', 'DELETE', `/apps/tail_pump/locks/${lock.body.id}`, undefined, 'alice')).status,
      204,
    );
  });

  it('have configurations of groups that only the first gateway knows, read from their owners', async () => {
    const path = '/functions/far/configurations';
    assert.deepEqual((await idsOf('head', path)).filter((id) => id.endsWith(':limit')).toSorted(), [
      'middle_pump:limit',
      'tail_pump:limit',
    ]);
    const at = async (name: string) => (await ask(name, 'GET', `/apps/${name}_pump/configurations/limit`)).body.data;
    assert.equal((await ask('head', 'PUT', `${path}/middle_pump:limit`, { data: 21.5 })).status, 200);
    assert.deepEqual([await at('middle'), await at('tail')], [21.5, 33.5]);
    const all = await ask('head', 'DELETE', path);
    assert.deepEqual(
      [all.status, all.body.results.map(({ app_id }: { readonly app_id: string }) => app_id)],
      [207, ['middle_pump', 'tail_pump']],
    );
    assert.deepEqual([await at('middle'), await at('tail')], [20, 30]);
  });

  it('recover: all available; a killed gateway makes its machine unavailable, answers 504 and loses its entities; after its return 200, as before', async () => {
    const counts = async () => {
      const lists = ['/areas', '/components', '/apps', '/functions', '/components/cell/subcomponents'];
      return Promise.all(lists.map(async (path) => (await idsOf('head', path)).length));
    };
    const machine = async () => (await factsOf('head', '/components/tail_machine')).available;
    const status = async () => (await ask('head', 'GET', '/apps/tail_pump/data')).status;
    const before = await counts();
    assert.deepEqual([await machine(), await status()], [undefined, 200]);

    await gateways.get('tail')?.program.end('SIGKILL');
    await eventually('the loss of its machine', async () => (await machine()) === false);
    assert.equal(await status(), 504);
    await eventually('the loss of what ran there', async () => !(await idsOf('head', '/apps')).includes('tail_probe'));
    const apps = await idsOf('head', '/apps');
    assert.deepEqual(
      [apps.includes('tail__lidar'), apps.includes('tail_pump'), apps.includes('tail_plc')],
      [false, true, true],
    );
    const { partial, failed_peers } = await factsOf('head', '/faults');
    assert.deepEqual([partial, failed_peers], [true, ['tail']]);

    await start(sites.get('tail') ?? assert.fail());
    await eventually('its machine again', async () => (await machine()) === undefined);
    await eventually('what runs there', async () => String(await counts()) === String(before));
    assert.equal(await status(), 200);
    await eventually('all its parts', async () => (await factsOf('head', '/faults')).partial === undefined);
  });
});
