import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { loadConfig } from './load-config.ts';
import { loadTenants } from './load-tenants.ts';
import { MAX_TENANTS } from './tenant-list.ts';

const HUB = 'fleet.enabled: true\nros.enabled: false\ndata_dir: /data\nfleet.tenant_config_dir: /etc/tenants\n';

async function load(yaml: string, ofTenants: Readonly<Record<string, string>> = {}) {
  const files = Object.fromEntries(
    Object.entries(ofTenants).map(([name, text]) => [`/etc/tenants/${name}.yaml`, text]),
  );
  const sources = {
    files: new MemoryFiles({ ...files, '/etc/medkit.yaml': HUB + yaml }),
    folders: { environment: {}, home: '/home/ada', working: '/srv' },
    flags: {},
    defaultFile: '/etc/medkit.yaml',
  };
  return loadTenants(sources, (await loadConfig(sources)).reading);
}

test('a tenant has the settings of the hub, then those of its file, and its own folder, hosts and schema', async () => {
  const [berlin, hamburg] = await load(
    'fleet.tenants: ["berlin-1 = Berlin.Example. b.example", "hamburg = hamburg.example"]\n' +
      'server.public_url: https://hub.example:8443\nfleet.idle_sec: 30\nsse.max_clients: 7\n',
    { 'berlin-1': 'server.token: the-secret-of-berlin\nfleet.idle_sec: 90\n' },
  );
  const { config } = berlin!.loaded;
  assert.deepEqual(berlin!.hosts, ['berlin.example', 'b.example']);
  assert.deepEqual(config.server.allowed_hosts, ['berlin.example', 'b.example']);
  assert.equal(config.server.public_url, 'https://berlin.example:8443/');
  assert.deepEqual([config.data_dir, config.fleet.schema], ['/data/tenants/berlin-1', 'medkit_t_berlin__1']);
  assert.deepEqual(
    [config.server.token, config.fleet.idle_sec, config.sse.max_clients],
    ['the-secret-of-berlin', 90, 7],
  );
  const other = hamburg!.loaded.config;
  assert.deepEqual([other.server.token, other.fleet.idle_sec, other.data_dir], ['', 30, '/data/tenants/hamburg']);
});

test('a hub without tenants has none, whatever its settings', async () => {
  assert.deepEqual(await load('server.token: a-secret-of-this-hub'), []);
});

const REFUSED: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  ['fleet.tenants: ["Berlin = b.example"]', {}, /needs a name of 1 to 31/],
  ['fleet.tenants: ["berlin"]', {}, /needs 1 to 20 host names/],
  ['fleet.tenants: ["berlin = ähm.example"]', {}, /"ähm.example", which is not a host name/],
  ['fleet.tenants: ["a = a.example", "a = b.example"]', {}, /has the name of another tenant/],
  ['fleet.tenants: ["a = x.example", "b = X.example."]', {}, /has the host name x.example of a/],
  [`fleet.tenants: ["a${'-'.repeat(30)} = a.example"]`, {}, /too many dashes/],
  [
    `fleet.tenants: [${Array.from({ length: MAX_TENANTS + 1 }, (_, n) => `"t${n} = t${n}.example"`).join(', ')}]`,
    {},
    /has 101 entries: the maximum is 100/,
  ],
  ['fleet.tenants: ["a = a.example"]\nfleet.evidence: s3://bucket', {}, /fleet\.evidence .* shared by all tenants/],
  ['fleet.tenants: ["a = a.example"]\nserver.token: a-secret-of-all-tenants', {}, /server\.token .* shared by all/],
  ['fleet.tenants: ["a = a.example"]\ntriggers.storage.path: t.db', {}, /triggers\.storage\.path .* shared by all/],
  ['fleet.tenants: ["a = a.example"]', { a: 'server.port: 9000' }, /tenant a: server\.port applies to all tenants/],
  ['fleet.tenants: ["a = a.example"]\nserver.host: 0.0.0.0', {}, /tenant a: server\.host 0\.0\.0\.0 can be reached/],
];

for (const [yaml, files, reason] of REFUSED) {
  test(`tenants are refused: ${reason.source}`, async () => {
    await assert.rejects(load(yaml, files), reason);
  });
}
