import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { openApiDocument } from '@medkit/contract';
import { robotOfHub } from '../fleet/robot-of-hub.ts';

const root = join(import.meta.dirname, '..', '..');
const generator = join(root, 'tools/openapi-client');
const folder = join(generator, 'build');

/** Uses the generated types like the author of a client. */
const CLIENT = `
import createClient from 'openapi-fetch';
import type { components, operations, paths } from './medkit.d.ts';

const client = createClient<paths>({ baseUrl: 'http://127.0.0.1:8080/api/v1' });

export async function names(): Promise<string[]> {
  const { data, error } = await client.GET('/apps');
  if (error) throw new Error(error.error_code);
  return data.items.map((app: components['schemas']['AppListItem']) => app.name);
}

export async function publish(): Promise<void> {
  await client.PUT('/apps/{app_id}/data/{data_id}', {
    params: { path: { app_id: 'controller_server', data_id: 'cmd_vel' } },
    body: { type: 'geometry_msgs/msg/Twist', data: { linear: { x: 0.1 } } },
  });
}

export type Scan = operations['getAppDataItem']['responses'][200];
// @ts-expect-error there is no such path
await client.GET('/robots');
// @ts-expect-error an app's name is a string
export const wrong = (app: components['schemas']['AppListItem']): number => app.name;
`;

/** Types that the web UI of ros2_medkit, compiled strictly, expects from a client. */
const WEB_UI = `
import createClient from 'openapi-fetch';
import type { paths } from './medkit.d.ts';

const client = createClient<paths>({ baseUrl: 'http://127.0.0.1:8080/api/v1' });
const body: { value: unknown } = { value: 5 };

function put(kind: 'apps' | 'components' | 'areas' | 'functions', id: string, config_id: string) {
  switch (kind) {
    case 'apps':
      return client.PUT('/apps/{app_id}/configurations/{config_id}', { params: { path: { app_id: id, config_id } }, body });
    case 'components':
      return client.PUT('/components/{component_id}/configurations/{config_id}', { params: { path: { component_id: id, config_id } }, body });
    case 'areas':
      return client.PUT('/areas/{area_id}/configurations/{config_id}', { params: { path: { area_id: id, config_id } }, body });
    case 'functions':
      return client.PUT('/functions/{function_id}/configurations/{config_id}', { params: { path: { function_id: id, config_id } }, body });
  }
}

export async function setParameter(): Promise<unknown> {
  const { data: result, error } = await put('apps', 'lidar_driver', 'scan_rate_hz');
  if (error) throw new Error(error.message || 'refused');
  const about = (result as { 'x-medkit'?: { parameter?: { name: string; value: unknown } } })['x-medkit'];
  if (about?.parameter) return about.parameter.value;
  if ((result as { status?: string }).status !== 'success') throw new Error((result as { error?: string }).error);
  return (result as { parameter: { value: unknown } }).parameter.value;
}

export async function rest(): Promise<void> {
  const version = await client.GET('/version-info');
  (version.data as { items: { version: string }[] } | undefined)?.items;
  const logs = await client.GET('/apps/{app_id}/logs/configuration', { params: { path: { app_id: 'x' } } });
  (logs.data as { severity_filter: 'debug' | 'info' | 'warning' | 'error' | 'fatal'; max_entries: number } | undefined);
  const made = await client.POST('/apps/{app_id}/operations/{operation_id}/executions', {
    params: { path: { app_id: 'x', operation_id: 'y' } },
    body: { parameters: {} },
  });
  (made.data || {}) as { id?: string; status?: string; result?: unknown };
}
`;

function compile(): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    join(root, 'node_modules/.bin/tsc'),
    [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--target',
      'es2024',
      '--module',
      'nodenext',
      '--allowImportingTsExtensions',
      'client.ts',
      'web-ui.ts',
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  return { status, output: stdout + stderr };
}

before(
  () => {
    if (existsSync(join(generator, 'node_modules'))) return;
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: generator, stdio: 'pipe' });
  },
  { timeout: 120_000 },
);

test('a typed client generated from the OpenAPI document compiles', { timeout: 120_000 }, () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(join(folder, 'openapi.json'), JSON.stringify(openApiDocument()));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'client.ts'), CLIENT);
  writeFileSync(join(folder, 'web-ui.ts'), WEB_UI);
  execFileSync(join(generator, 'node_modules/.bin/openapi-typescript'), ['openapi.json', '-o', 'medkit.d.ts'], {
    cwd: folder,
    stdio: 'pipe',
  });
  const { status, output } = compile();
  assert.equal(status, 0, output);
});

/** Uses a robot like the author of a client; returns the replies. */
async function useRobot(url: string): Promise<readonly unknown[]> {
  const module = pathToFileURL(join(generator, 'node_modules/openapi-fetch/dist/index.mjs')).href;
  const client = (await import(module)).default({ baseUrl: `${url}/api/v1` });
  const app_id = 'lidar';
  const of = (more: object = {}) => ({ params: { path: { app_id, ...more } }, headers: { 'x-client-id': 'alice' } });
  const replies: unknown[] = [];
  const note = ({ response, data, error }: { response: Response; data?: unknown; error?: unknown }) => {
    replies.push([response.status, data ?? error]);
    return data as { readonly id: string };
  };
  note(await client.GET('/apps'));
  note(await client.GET('/apps/{app_id}', of()));
  note(await client.GET('/apps/{app_id}/data/{data_id}', of({ data_id: 'scan' })));
  note(await client.GET('/faults', { params: { query: { status: 'all' } } }));
  const lock = note(await client.POST('/apps/{app_id}/locks', { ...of(), body: { lock_expiration: 60 } }));
  const rate = of({ config_id: 'rate' });
  note(await client.PUT('/apps/{app_id}/configurations/{config_id}', { ...rate, body: { data: 7 } }));
  note(await client.GET('/apps/{app_id}/configurations/{config_id}', rate));
  const home = { ...of({ operation_id: 'home' }), body: { parameters: {} } };
  note(await client.POST('/apps/{app_id}/operations/{operation_id}/executions', home));
  note(await client.DELETE('/apps/{app_id}/locks/{lock_id}', of({ lock_id: lock.id })));
  note(await client.GET('/apps/{app_id}', { params: { path: { app_id: 'none' } } }));
  return replies;
}

test('a generated client uses a robot of a fleet hub with another base URL', { timeout: 240_000 }, async () => {
  const fleet = await robotOfHub();
  try {
    const plain = async (url: string) =>
      JSON.stringify(await useRobot(url))
        .replaceAll('/fleet/amr-17/api/v1', '/api/v1')
        .replaceAll('hub:anonymous:', '')
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{8}-[0-9a-f-]{27}|lock_\w+|(?<=:)\d{10,}/g, '0');
    const direct = await plain(fleet.direct);
    assert.deepEqual(JSON.parse(await plain(fleet.through)), JSON.parse(direct));
    const statuses = JSON.parse(direct).map(([status]: readonly [number]) => status);
    assert.deepEqual(statuses, [200, 200, 200, 200, 201, 200, 200, 200, 204, 404]);
  } finally {
    await fleet.close();
  }
});
