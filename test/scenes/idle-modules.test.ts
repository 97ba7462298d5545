import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { startProgram } from '../harness/program.ts';

const DOMAIN = await reserveDomain();
const COMMAND = join(import.meta.dirname, '..', '..', 'packages', 'programs', 'cli', 'src', 'main.ts');
const RECORDER = pathToFileURL(join(import.meta.dirname, '..', 'harness', 'record-modules.ts'));

/** npm packages in the main thread. If you add one to an idle gateway, add it here with its memory. */
const OF_NPM = [
  '@fastify/busboy',
  '@fastify/deepmerge',
  '@fastify/error',
  '@fastify/forwarded',
  '@fastify/multipart',
  '@fastify/proxy-addr',
  'abstract-logging',
  'avvio',
  'fast-decode-uri-component',
  'fast-deep-equal',
  'fast-json-stringify',
  'fast-querystring',
  'fastify',
  'fastify-plugin',
  'fastq',
  'find-my-way',
  'ipaddr.js',
  'process-warning',
  'ret',
  'reusify',
  'rfdc',
  'safe-regex2',
  'secure-json-parse',
  'semver',
  'toad-cache',
];
/** medkit packages of an idle gateway: programs, plugins and packages loaded on first use are excluded. */
const OF_MEDKIT = [
  'base/client',
  'base/contract',
  'base/documents',
  'base/edges',
  'base/store',
  'core',
  'gateway',
  'plugins/api',
  'programs/cli',
  'resources/audit',
  'resources/entities',
  'resources/faults',
  'resources/incidents',
  'resources/locks',
  'resources/notify',
  'resources/scripts',
  'resources/subscriptions',
  'resources/triggers',
  'resources/updates',
  'resources/webhooks',
  'runtimes/manifest',
  'runtimes/ros2',
  'wire/ros2',
  'wire/rtps',
];
/**
 * Modules for peers that are loaded without any peer: the empty list of peers with its handlers, the tables of discovered
 * peers and of their audit logs, what loads the other modules, and the code by which streams identify peers and their
 * faults.
 */
const OF_PEERS = [
  'peer-names/fan-out-gateways',
  'peer-names/peer-faults',
  'peer-names/peer-names',
  'peers/audit/audit-witness-tables',
  'peers/open-peers',
  'peers/peer-handlers',
  'peers/peer-tables',
  'peers/peer-view',
  'peers/serve-peers',
  'peers/system-peers',
];

/**
 * Modules for notifications that are loaded without any receiver: the database tables, and the code that reports that
 * there are none.
 */
const OF_NOTIFY = ['delivery-state/notify-tables'];
const NOTIFY_IN_GATEWAY = ['gateway-notify', 'notify-handlers', 'receiver-facts'];

/** Modules that count rejected clients and limit wrong credentials; there is no rate limit by default. */
const OF_LIMITS = ['address-prefix', 'bounded-table', 'rate-limit-exceeded', 'token-bucket', 'wrong-credentials'];

/** Returns what a thread has loaded, by the group of `folder`: for example the packages of its files. */
function packagesIn(lines: readonly string[], thread: string, folder: RegExp): readonly string[] {
  const names = lines.filter((line) => line.startsWith(`${thread} `)).flatMap((line) => folder.exec(line)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** Returns threads that write a store, by the names that the system shows: their first 15 letters. */
const writersOf = (pid: number): readonly string[] =>
  readdirSync(`/proc/${pid}/task`)
    .map((task) => readFileSync(`/proc/${pid}/task/${task}/comm`, 'utf8').trim())
    .filter((name) => name === 'medkit-store-wr');

const NPM = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const MEDKIT = /\/packages\/((?:[^/]+\/)?[^/]+)\/src\//;
const LIMITS = /\/packages\/gateway\/src\/limits\/([\w/-]+)\.ts/;
const NOTIFY = /\/packages\/resources\/notify\/src\/([\w/-]+)\.ts/;
const METRICS = /\/packages\/gateway\/src\/metrics\/([\w/-]+)\.ts/;
const TRACES = /\/packages\/gateway\/src\/(?:otlp|traces)\/([\w/-]+)\.ts/;
const UPDATES = /\/packages\/resources\/updates\/src\/([\w-]+)\//;
const IN_GATEWAY = /\/packages\/gateway\/src\/notify\/([\w/-]+)\.ts/;
const PEERS = /\/packages\/gateway\/src\/((?:peers|peer-names|live\/peers)\/[\w/-]+)\.ts/;

test('an idle gateway loads no module that it does not need', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-modules-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const record = join(folder, 'modules.txt');
  const data = join(folder, 'data');
  const program = startProgram(['up', '--port', '0', '--domain', String(DOMAIN), '--data-dir', data], {
    command: [process.execPath, '--import', RECORDER.href, COMMAND],
    env: { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST', MEDKIT_TEST_LOADED_MODULES: record },
  });
  try {
    const [url] = await program.printed(/http:\/\/127\.0\.0\.1:\d+/);
    assert.equal((await fetch(`${url}/api/v1/health`)).status, 200);
    const lines = await eventually('the threads of the store', async () => {
      const soFar = readFileSync(record, 'utf8').split('\n');
      return soFar.some((line) => line.startsWith('worker ') && line.includes('/base/store/src/engine/')) && soFar;
    });
    assert.deepEqual(packagesIn(lines, 'main', NPM), OF_NPM);
    assert.deepEqual(packagesIn(lines, 'main', MEDKIT), OF_MEDKIT);
    assert.deepEqual(packagesIn(lines, 'main', PEERS), OF_PEERS);
    assert.deepEqual(packagesIn(lines, 'main', METRICS), [], 'metrics are loaded if they are enabled');
    assert.deepEqual(packagesIn(lines, 'main', TRACES), [], 'traces are loaded if they are enabled');
    assert.deepEqual(packagesIn(lines, 'main', NOTIFY), OF_NOTIFY);
    assert.deepEqual(packagesIn(lines, 'main', UPDATES), ['service'], 'the installer is loaded if it is configured');
    assert.deepEqual(packagesIn(lines, 'main', IN_GATEWAY), NOTIFY_IN_GATEWAY);
    assert.deepEqual(packagesIn(lines, 'main', LIMITS), OF_LIMITS);
    assert.deepEqual(packagesIn(lines, 'worker', NPM), []);
    assert.deepEqual(packagesIn(lines, 'worker', MEDKIT), ['base/edges', 'base/store']);
    await eventually('the audit log beside the faults', async () => {
      const files = readdirSync(data, { recursive: true, encoding: 'utf8' }).map((path) => basename(path));
      return files.includes('faults.db') && files.includes('fault_audit.db');
    });
    assert.equal(writersOf(program.pid).length, 1, 'each takes 18 MB');
    await program.printed(/No node discovered yet/);
    await program.end('SIGINT');
    const ofNode = readFileSync(record, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('main NativeModule '));
    assert.ok(ofNode.length > 0);
    assert.deepEqual(
      ofNode.filter((line) => line.includes('undici')),
      [],
      'what fetch is made of takes 13 MB; it comes with fetch and FormData, and with an import of node:http',
    );
  } finally {
    await program.end('SIGINT');
  }
});
