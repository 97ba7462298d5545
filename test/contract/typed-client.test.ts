import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openApiDocument } from '@medkit/contract';

const root = join(import.meta.dirname, '..', '..');
const generator = join(root, 'tools/openapi-client');
const folder = join(generator, 'build');

/** Uses the generated types as a client's author would. */
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
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  return { status, output: stdout + stderr };
}

test('a typed client generated from the OpenAPI document compiles', { timeout: 120_000 }, () => {
  if (!existsSync(join(generator, 'node_modules'))) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: generator, stdio: 'pipe' });
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(join(folder, 'openapi.json'), JSON.stringify(openApiDocument()));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'client.ts'), CLIENT);
  execFileSync(join(generator, 'node_modules/.bin/openapi-typescript'), ['openapi.json', '-o', 'medkit.d.ts'], {
    cwd: folder,
    stdio: 'pipe',
  });
  const { status, output } = compile();
  assert.equal(status, 0, output);
});
