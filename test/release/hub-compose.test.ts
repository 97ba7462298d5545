import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { loadConfig } from '@medkit/gateway';
import { parse } from 'yaml';
import { missingSystemPackages } from '../harness/system-packages.ts';

const SOURCE = join(import.meta.dirname, '..', '..', 'packaging', 'hub');

/** Checks the compose file of a hub, and the files that it refers to, without a Docker daemon. */
suite('packaging/hub', { skip: missingSystemPackages('proxies') }, () => {
  const root = mkdtempSync(join(tmpdir(), 'medkit-compose-'));
  after(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'hub');
  cpSync(SOURCE, folder, { recursive: true, filter: (path) => !path.endsWith('/secrets') });
  const { services, networks, secrets, volumes } = parse(readFileSync(join(folder, 'compose.yaml'), 'utf8'), {
    merge: true,
  });
  const secretOf = (name: string): string => readFileSync(join(folder, secrets[name].file), 'utf8');
  const createSecrets = (): string => {
    // Only root can give a file to the user of the container.
    const programs = join(root, 'programs');
    execFileSync('mkdir', ['-p', programs]);
    writeFileSync(join(programs, 'chown'), '#!/bin/sh\n');
    chmodSync(join(programs, 'chown'), 0o755);
    const env = { ...process.env, PATH: `${programs}:${process.env['PATH']}` };
    return execFileSync(join(folder, 'create-secrets.sh'), ['fleet.example.com'], { encoding: 'utf8', env });
  };
  const output = createSecrets();

  test('the script creates each secret once, and each service has those that it uses', () => {
    assert.match(output, /secrets\/token\n$/);
    for (const [name, { file }] of Object.entries<{ file: string }>(secrets))
      assert.ok(existsSync(join(folder, file)), name);
    const before = readdirSync(join(folder, 'secrets')).map((name) =>
      readFileSync(join(folder, 'secrets', name), 'utf8'),
    );
    createSecrets();
    const now = readdirSync(join(folder, 'secrets')).map((name) => readFileSync(join(folder, 'secrets', name), 'utf8'));
    assert.deepEqual(now, before);
    const used = Object.values<{ secrets?: (string | { source: string })[] }>(services).flatMap((service) =>
      (service.secrets ?? []).map((each) => (typeof each === 'string' ? each : each.source)),
    );
    assert.deepEqual([...new Set(used)].sort(), Object.keys(secrets).sort());
    const { identities } = JSON.parse(secretOf('s3-identities'));
    const { accessKey, secretKey } = identities[0].credentials[0];
    assert.equal(secretOf('evidence-key'), `aws_access_key_id = ${accessKey}\naws_secret_access_key = ${secretKey}\n`);
    assert.equal(new URL(secretOf('fleet-database').trim()).password, secretOf('postgres-password').trim());
    assert.equal(spawnSync(join(folder, 'create-secrets.sh')).status, 2);
  });

  test('both hubs have the same settings, except for their replica addresses, and a hub accepts them', async () => {
    for (const name of ['hub-a', 'hub-b']) {
      const { environment, secrets: available, ...service } = services[name];
      const files = available.map((each: string) => [`/run/secrets/${each}`, secretOf(each)]);
      const { config, notices } = await loadConfig({
        files: new MemoryFiles({
          '/etc/medkit/hub.yaml': readFileSync(join(folder, 'hub.yaml'), 'utf8'),
          ...Object.fromEntries(files),
        }),
        folders: { environment, home: '/nonexistent', working: '/' },
        flags: {},
        defaultFile: '/etc/medkit/hub.yaml',
      });
      // TLS ends at the balancer, which is on the same machine.
      const text = 'listening on 0.0.0.0 without TLS: tokens and passwords are sent unencrypted';
      assert.deepEqual(notices, [{ level: 'warning', text }]);
      assert.equal(config.fleet.replica_address, `${name}:8081`);
      assert.equal(config.fleet.standby, true);
      const { hostname: postgres, pathname: database } = new URL(secretOf('fleet-database').trim());
      assert.deepEqual([postgres in services, database], [true, `/${services.postgres.environment.POSTGRES_DB}`]);
      assert.deepEqual([service.read_only, service.cap_drop], [true, ['ALL']]);
      assert.deepEqual(service.networks, ['hubs', 'stores', 'public']);
    }
    assert.deepEqual([networks.hubs, networks.stores], [{ internal: true }, { internal: true }]);
  });

  test('each file and volume exists', () => {
    for (const [name, { volumes: mounts = [] }] of Object.entries<{ volumes?: string[] }>(services)) {
      for (const mount of mounts) {
        const [from = ''] = mount.split(':');
        assert.ok(from.startsWith('./') ? existsSync(join(folder, from)) : from in volumes, `${name}: ${mount}`);
      }
    }
  });

  test('HAProxy accepts its configuration', () => {
    const file = join(root, 'haproxy.cfg');
    const text = readFileSync(join(folder, 'haproxy.cfg'), 'utf8');
    writeFileSync(file, text.replace('/etc/ssl/fleet.pem', join(folder, secrets.certificate.file)));
    const { status, stderr } = spawnSync('haproxy', ['-c', '-f', file], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });
});
