import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { certificateNames, type MachineNames, requiredNames } from './certificate-names.ts';
import { selfSignedCertificate } from './self-signed-certificate.ts';

const DAY_MS = 86_400_000;
const MACHINE: MachineNames = {
  machineName: 'Robot-01',
  boundHost: '0.0.0.0',
  publicUrl: 'https://fleet.example/robot-1',
  allowedHosts: ['robot.lan', '*.cell.lan', 'not a name'],
  addresses: ['127.0.0.1', '10.0.0.7', 'fd00::7'],
};

function reader(machine = MACHINE, files = new MemoryFiles(), clock = new SimulatedClock()) {
  const lines: string[] = [];
  const log = (level: string, message: string) => void lines.push(`${level}: ${message}`);
  const options = { folder: '/data/tls', machine, files, clock, random: seededRandom(clock.wallMs()), log };
  const read = async () => (await selfSignedCertificate(options)()).credentials;
  return { clock, files, lines, read };
}

test('a certificate is for the names of the machine, the configured names, and the current addresses', () => {
  assert.deepEqual(requiredNames(MACHINE), [
    ...['robot-01', 'robot-01.local', 'localhost', 'fleet.example', 'robot.lan', '*.cell.lan'],
  ]);
  assert.deepEqual(certificateNames(MACHINE).slice(6), ['127.0.0.1', '::1', '10.0.0.7', 'fd00::7']);
  assert.ok(requiredNames({ ...MACHINE, boundHost: '[fd00::7]' }).includes('fd00::7'));
  const many = Array.from({ length: 100 }, (_, at) => `10.0.1.${at}`);
  assert.equal(certificateNames({ ...MACHINE, addresses: many }).length, 64);
});

test('a certificate is created once, for 397 days, and is the same after a restart', async () => {
  const { files, clock, read } = reader();
  const { facts, cert, key } = await read();
  assert.equal((facts.notAfterMs - facts.notBeforeMs) / DAY_MS, 397);
  assert.deepEqual([...files.contents.keys()].sort(), ['/data/tls/certificate.pem', '/data/tls/key.pem']);
  const again = await reader(MACHINE, files, clock).read();
  assert.deepEqual([again.cert, again.key, again.facts.isSelfSigned], [cert, key, true]);
});

test('a new certificate is created thirty days before the old one expires, and also if that expired unnoticed', async () => {
  const { clock, read } = reader();
  const first = await read();
  clock.advance(366 * DAY_MS - 1);
  assert.equal((await read()).cert, first.cert);
  clock.advance(2);
  const second = await read();
  assert.notEqual(second.cert, first.cert);
  clock.advance(1000 * DAY_MS);
  assert.ok((await read()).facts.notAfterMs > clock.wallMs());
});

test('a new certificate is created if a name is missing or it cannot be read, but not for a new address', async () => {
  const { files, clock, read } = reader();
  const first = await read();
  const moved = reader({ ...MACHINE, addresses: ['10.0.0.8'] }, files, clock);
  assert.equal((await moved.read()).cert, first.cert);
  const renamed = reader({ ...MACHINE, machineName: 'robot-02' }, files, clock);
  const second = await renamed.read();
  assert.ok(second.facts.names.includes('DNS:robot-02'));
  assert.match(renamed.lines[0] ?? '', /does not include robot-02, robot-02\.local: a new certificate is generated/);
  files.put('/data/tls/key.pem', first.key);
  const broken = reader({ ...MACHINE, machineName: 'robot-02' }, files, clock);
  assert.notEqual((await broken.read()).cert, second.cert);
  assert.match(broken.lines[0] ?? '', /^warn: TLS: the key in .* does not belong to .*a new certificate is generated/);
});

test('a certificate that cannot be stored is an error that names the folder', async () => {
  const { files, read } = reader();
  files.failure = new Error('EROFS: read-only file system');
  await assert.rejects(read(), /server\.tls\.self_signed: cannot store a certificate in \/data\/tls: EROFS/);
});
