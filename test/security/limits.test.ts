import assert from 'node:assert/strict';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { freeDomain } from '../harness/free-domain.ts';
import { startProgram } from '../harness/program.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const KINDS = ['quota', 'setting', 'source', 'one', 'cache', 'own', 'shared'];
const START_MS = 60_000;

/** Constants whose names say that they limit something. */
const LIMIT = /^(?:export )?const ((?:[A-Z0-9]+_)*(?:MAX|MOST|CAPACITY)(?:_[A-Z0-9]+)*)\b/gm;
/** Those that limit a size, a duration or a format, rather than a number of items. */
const SIZE =
  /_(?:LENGTH|DEPTH|OCTETS|BYTES|CHARS?|CHARACTERS|LETTERS|MS|SEC|NS|SECONDS|PORT|TEXT|NAME|LABEL|ID|URL|LINE|MB|LEVELS|HOPS|TRIES|ATTEMPTS|NAMED|LISTED|COMPARED|SEVERITY|BITS|THRESHOLD|DAYS|HZ|RAD|MPS|RPS|AH|M)$/;
/** Sources of all programs except the web pages: what a page stores is for one user and ends with the browser. */
const IS_SOURCE =
  /^packages\/(?!programs\/web\/|base\/contract\/)(?!.*(?:node_modules|\/testing\/|\.test\.ts$|\.d\.ts$))/;

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const sources = globSync('packages/**/src/**/*.ts', { cwd: ROOT })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => IS_SOURCE.test(path))
  .sort();

const listed = textOf('test/security/limits.txt')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [entry = '', reason = ''] = line.split(' # ');
    const [kind = '', path = '', name = '', healthNames = ''] = entry.split(/ +/);
    return { kind, path, name, healthNames: healthNames.split(',').filter((each) => each !== ''), reason };
  });

it('every named limit is listed with the mechanism that keeps one source from using all of it', () => {
  const found = sources.flatMap((path) =>
    [...textOf(path).matchAll(LIMIT)]
      .map(([, name = '']) => name)
      .filter((name) => !SIZE.test(name))
      .map((name) => `${path.slice('packages/'.length)} ${name}`),
  );
  const known = listed.filter(({ kind }) => kind !== 'setting').map(({ path, name }) => `${path} ${name}`);
  const hint = 'add it to test/security/limits.txt; what clients, nodes, peers, brokers or PLCs fill takes a Quota';
  assert.deepEqual(
    found.filter((each) => !known.includes(each)),
    [],
    hint,
  );
  assert.deepEqual(
    known.filter((each) => !found.includes(each)),
    [],
    'remove what is gone from test/security/limits.txt',
  );
  for (const { kind, path, healthNames, reason } of listed) {
    const isQuota = kind === 'quota' || kind === 'setting';
    assert.ok(KINDS.includes(kind), `${path}: ${kind}`);
    assert.equal(isQuota || kind === 'shared', reason !== '', `${path}: a quota names its test, a shared limit why`);
    assert.equal(isQuota, healthNames.length > 0, `${path}: a quota has the names under which /health shows it`);
    if (isQuota) assert.ok(existsSync(join(ROOT, 'packages', reason)), `${path}: ${reason}`);
  }
});

it('every quota is shown in /health under its name, and every name there is listed', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'medkit-limits-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const { id: domain } = stack.use(await freeDomain());
  const token = join(folder, 'token');
  writeFileSync(token, 'token-for-the-gateways-of-this-test', { mode: 0o600 });
  const start = async (name: string, isReady: RegExp, settings: readonly string[]): Promise<string> => {
    const sets = [`data_dir=${join(folder, name)}`, ...settings].flatMap((setting) => ['--set', setting]);
    const program = startProgram(['up', '--port', '0', '--domain', `${domain}`, ...sets], {
      env: { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' },
    });
    stack.defer(async () => void (await program.end()));
    await program.printed(isReady, START_MS);
    return (await program.printed(/API +(http:\/\/127\.0\.0\.1:\d+)/, START_MS))[1] ?? '';
  };
  const robot = await start('robot', /joined DDS domain/, [
    ...['auth.enabled=true', `server.token_file=${token}`, 'fault_manager.mode=own', `updates.dir=${folder}/updates`],
    ...['hub.url=https://hub.example.com', 'fleet.enabled=true'],
    ...['island.enabled=true', `island.listen=unix:${folder}/island`],
    ...['plugins=graph,opcua,topic_beacon,watchdog', 'plugins.opcua.endpoint_url=opc.tcp://127.0.0.1:1'],
  ]);
  // Its faults are those of the robot, whose gateway is also its peer.
  const other = await start('other', /Faults are stored by \/fault_manager/, [
    ...['fault_manager.mode=attach', 'aggregation.enabled=true', 'aggregation.discover=true'],
    ...['aggregation.peer_names=robot', `aggregation.peer_urls=${robot}`, `aggregation.peer_token_files=${token}`],
  ]);
  const quotasAt = async (url: string): Promise<readonly string[]> => {
    const headers = { authorization: `Bearer ${readFileSync(token, 'utf8')}` };
    const reply = await fetch(`${url}/api/v1/health`, { headers });
    return Object.keys(((await reply.json()) as { readonly 'x-medkit-quotas': object })['x-medkit-quotas']);
  };
  const names = listed.filter(({ path }) => !path.startsWith('programs/')).flatMap(({ healthNames }) => healthNames);
  // Each runtime and each plugin has a separate one: `ros2_data_calls` is `*_calls`.
  const hasName = (name: string) => (each: string) =>
    name.startsWith('*') ? each.endsWith(name.slice(1)) && !names.includes(each) : each === name;
  let quotas: readonly string[] = [];
  const isComplete = async (): Promise<true> => {
    quotas = [...new Set([...(await quotasAt(robot)), ...(await quotasAt(other))])];
    const missing = names.filter((name) => !quotas.some(hasName(name)));
    assert.deepEqual(missing, []);
    return true;
  };
  await eventually('every listed quota is in /health', isComplete, START_MS);
  assert.deepEqual(
    quotas.filter((each) => !names.some((name) => hasName(name)(each))),
    [],
    'in /health, and not in test/security/limits.txt',
  );
});
