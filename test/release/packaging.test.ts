import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';

/**
 * Checks without a Docker daemon and Pixi that everything these files refer to exists, and that the health check works.
 */
const root = join(import.meta.dirname, '..', '..');
const docker = join(root, 'packaging', 'docker');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The result of `npm run pack`. */
const PACKED = /^build\/medkit-\*\.tgz$/;

/** The instructions of a Dockerfile, one per line, without comments. */
const instructions = read('packaging/docker/Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => /^([A-Z]+) +(.+)$/.exec(line) ?? assert.fail(`no instruction: ${line}`))
  .map(([, name, args]) => [name, args] as const);

test('the image is built from files that exist, or that npm run pack produces, and that reach the build', () => {
  const ignored = read('packaging/docker/Dockerfile.dockerignore');
  const sources = instructions
    .filter(([name]) => name === 'COPY')
    .flatMap(([, args = '']) => args.split(/\s+/).slice(0, -1));
  assert.ok(sources.length > 0);
  for (const source of sources) {
    assert.ok(PACKED.test(source) || globSync(source, { cwd: root }).length > 0, `${source} is not there`);
    assert.ok(ignored.split('\n').includes(`!${source}`), `${source} is kept back from the build`);
  }
});

test('the image has the required Node, an unprivileged user, and a health check', () => {
  const of = (wanted: string) => instructions.filter(([name]) => name === wanted).map(([, args]) => args);
  const [version] = Object.values<string>(JSON.parse(read('package.json')).optionalDependencies);
  assert.deepEqual(of('FROM'), [`node:${version?.split('.')[0]}-slim`]);
  assert.deepEqual(of('USER'), ['medkit']);
  assert.deepEqual(of('ENTRYPOINT'), ['["medkit"]']);
  assert.match(of('HEALTHCHECK')[0] ?? '', /healthcheck\.mjs/);
});

test('compose gives it the network of the host, and nothing to write but its data', () => {
  const { services, volumes } = parse(read('packaging/docker/compose.yaml'));
  const { medkit } = services;
  assert.ok(existsSync(join(docker, medkit.build.context, medkit.build.dockerfile)));
  assert.equal(medkit.network_mode, 'host');
  assert.equal(medkit.read_only, true);
  assert.deepEqual(medkit.cap_drop, ['ALL']);
  assert.deepEqual(medkit.volumes, ['state:/var/lib/medkit']);
  assert.deepEqual(Object.keys(volumes), ['state']);
});

test('the health check exits with 0 if the gateway answers, with the required token, and with 1 otherwise', async () => {
  const server = createServer(({ url, headers }, response) => {
    const right = url === '/api/v1/health' && headers.authorization === 'Bearer 0123456789abcdef';
    response.writeHead(right ? 200 : 401).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const check = async (environment: Readonly<Record<string, string>>) => {
    const child = spawn(process.execPath, [join(docker, 'healthcheck.mjs')], { env: environment, stdio: 'ignore' });
    return (await once(child, 'close'))[0];
  };
  const environment = { MEDKIT_SERVER_PORT: String(port), MEDKIT_SERVER_TOKEN: '0123456789abcdef' };
  assert.equal(await check(environment), 0);
  assert.equal(await check({ ...environment, MEDKIT_SERVER_HOST: '0.0.0.0' }), 0);
  assert.equal(
    await check({ ...environment, MEDKIT_SERVER_HOST: '127.0.0.2' }),
    1,
    'it asks where the gateway listens',
  );
  assert.equal(await check({ ...environment, MEDKIT_SERVER_TOKEN: '' }), 1);
  server.close();
  await once(server, 'close');
  assert.equal(await check(environment), 1);
});

test('Pixi has the tasks of the announcement, and each runs an existing command', () => {
  const tasks = [...read('pixi.toml').matchAll(/^(\w+) = \{ cmd = "([^"]+)"/gm)].map(([, name, command]) => [
    name,
    command,
  ]);
  const { scripts } = JSON.parse(read('package.json'));
  for (const name of ['install', 'build', 'start'])
    assert.ok(
      tasks.some(([each]) => each === name),
      name,
    );
  for (const [, command = ''] of tasks) {
    const script = /^npm (?:run )?(\w+)/.exec(command)?.[1];
    const file = /^node (\S+)/.exec(command)?.[1];
    assert.ok(script ? script in scripts : existsSync(join(root, file ?? '')), command);
  }
});
