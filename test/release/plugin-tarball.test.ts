import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { startProgram } from '../harness/program.ts';
import { type Packed, packed } from './packed.ts';

const root = join(import.meta.dirname, '..', '..');
const DOMAIN = await reserveDomain();
/** The medkit packages that a plugin needs, with their dependencies. */
const NEEDED = ['edges', 'contract', 'rtps', 'ros2', 'core', 'plugin'];
const EXAMPLE = 'examples/custom-plugin';

const run = (program: string, args: readonly string[], cwd = root): string =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();

/** Packs the package in `folder` into `target`. Returns the path of the tarball. */
function pack(folder: string, target: string): string {
  const printed = run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', target], folder);
  return join(target, printed.split('\n').at(-1) as string);
}

/**
 * Returns the folders of these packages' third-party dependencies, including transitive ones: npm has no registry in
 * this test.
 */
function packagesOfOthers(names: readonly string[], found = new Set<string>()): ReadonlySet<string> {
  for (const name of names) {
    const folder = join(root, 'node_modules', name);
    if (found.has(folder)) continue;
    if (!name.startsWith('@medkit/')) found.add(folder);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    packagesOfOthers(Object.keys(dependencies), found);
  }
  return found;
}

let medkit: Packed;
before(
  async () => {
    medkit = await packed();
  },
  { timeout: 400_000 },
);

test('a plugin from a tarball works from the configuration alone, inside the gateway and in a separate process', {
  timeout: 170_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-plugin-'));
  try {
    // The way its author builds and packs it.
    const built = join(folder, 'author');
    mkdirSync(built);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    run(process.execPath, [tsc, '-p', EXAMPLE, '--rootDir', EXAMPLE, '--outDir', join(built, 'dist')]);
    cpSync(join(root, EXAMPLE, 'package.json'), join(built, 'package.json'));
    const tarballs = [
      pack(built, folder),
      ...[...packagesOfOthers(NEEDED.map((name) => `@medkit/${name}`))].map((needed) => pack(needed, folder)),
      ...NEEDED.map((name) => medkit.tarball(name)),
    ];

    // The way a user installs it without the repository.
    const site = join(folder, 'site');
    mkdirSync(site);
    writeFileSync(join(site, 'package.json'), '{"private":true}');
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs], site);
    writeFileSync(
      join(site, 'medkit.yaml'),
      [
        'server.port: 0',
        `ros.domain_id: ${DOMAIN}`,
        'plugins: [medkit-plugin-filling-station, apart]',
        'plugins.medkit-plugin-filling-station:',
        '  tank_l: 80',
        'plugins.apart:',
        '  path: medkit-plugin-filling-station',
        '  isolate: process',
        '  station: second_station',
      ].join('\n'),
    );
    const gateway = startProgram(['up', '--config', join(site, 'medkit.yaml')], {
      env: { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' },
    });
    try {
      const [url] = await gateway.printed(/http:\/\/127\.0\.0\.1:\d+/);
      const ask = async (path: string) => (await fetch(`${url}/api/v1${path}`)).json();
      for (const station of ['filling_station', 'second_station']) {
        const value = await eventually(`a value of ${station}`, async () => {
          const { data } = (await ask(`/apps/${station}/data/process`)) as { data?: { valve: string } };
          return data ?? assert.fail(gateway.output());
        });
        assert.equal(value.valve, 'open', gateway.output());
      }
      const report = (await ask('/apps/filling_station/x-filling-report')) as { tank_percent: number };
      assert.ok(report.tank_percent > 0);
      const { paths } = (await ask('/docs')) as { paths: object };
      assert.ok('/apps/{app_id}/x-filling-report' in paths);
      const health = (await ask('/health')) as {
        'x-medkit-plugins': { plugins: { name: string; version: string; state: string; isolated: boolean }[] };
      };
      assert.deepEqual(
        health['x-medkit-plugins'].plugins.map(({ name, version, state, isolated }) => [
          name,
          version,
          state,
          isolated,
        ]),
        [
          ['medkit-plugin-filling-station', '1.0.0', 'running', false],
          ['apart', '1.0.0', 'running', true],
        ],
      );
    } finally {
      await gateway.end('SIGINT');
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
