import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { connect } from 'node:tls';
import { type Certificate, makeCertificate } from '../harness/certificates.ts';
import { eventually } from '../harness/eventually.ts';
import { startProgram } from '../harness/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'medkit-tls-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const ca = makeCertificate({ folder, name: 'ca' });
const SUBJECT = 'IP:127.0.0.1,DNS:localhost';
const certificate = (name: string) => makeCertificate({ folder, name, subject: SUBJECT, ca });

/** Starts a gateway over HTTPS that ends with the test. */
async function gateway(settings: readonly string[], stack: AsyncDisposableStack) {
  const all = ['ros.enabled=false', 'server.tls.enabled=true', ...settings];
  const program = startProgram(['up', '--port', '0', ...all.flatMap((setting) => ['--set', setting])]);
  stack.defer(async () => void (await program.end('SIGTERM')));
  const [, url = ''] = await program.printed(/Page +(https:\/\/127\.0\.0\.1:\d+)/, 60_000);
  return { program, url, port: Number(new URL(url).port) };
}

/** Returns the serial number of the certificate that a new connection receives. */
async function servedSerial(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, ca: ca.cert });
  await once(socket, 'secureConnect');
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return new X509Certificate(raw).serialNumber;
}

const serialOf = ({ cert }: Certificate) => new X509Certificate(cert).serialNumber;

// biome-ignore lint/suspicious/noExplicitAny: the comparison checks the shape.
async function ask(url: string): Promise<any> {
  const [reply] = await once(get(url, { ca: ca.cert }), 'response');
  return JSON.parse((await reply.setEncoding('utf8').toArray()).join(''));
}

/** Runs `medkit <args>`; returns its output and exit code. */
async function medkit(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const program = startProgram(args, { env });
  const code = await program.ended;
  return { code, output: program.output() };
}

it('a certificate is replaced by a changed symlink and by SIGHUP, while a stream continues', async () => {
  await using stack = new AsyncDisposableStack();
  // The layout of Kubernetes secrets: files are links into a folder that is a link itself.
  const live = join(folder, 'live');
  mkdirSync(live);
  const [first, second, third] = ['first', 'second', 'third'].map(certificate) as [
    Certificate,
    Certificate,
    Certificate,
  ];
  const put = (name: string, { cert, key }: Certificate) => {
    mkdirSync(join(live, name));
    writeFileSync(join(live, name, 'tls.crt'), cert);
    writeFileSync(join(live, name, 'tls.key'), key, { mode: 0o400 });
    symlinkSync(name, join(live, '..data_tmp'));
    renameSync(join(live, '..data_tmp'), join(live, '..data'));
  };
  put('..1', first);
  for (const file of ['tls.crt', 'tls.key']) symlinkSync(join('..data', file), join(live, file));
  const files = [`server.tls.cert_file=${join(live, 'tls.crt')}`, `server.tls.key_file=${join(live, 'tls.key')}`];
  const { program, url, port } = await gateway(files, stack);
  assert.equal(await servedSerial(port), serialOf(first));
  const [stream] = await once(get(`${url}/api/v1/faults/stream`, { ca: ca.cert }), 'response');
  let isOver = false;
  stream.resume().on('close', () => {
    isOver = true;
  });
  const [{ headers }] = await once(get(`${url}/api/v1/health`, { ca: ca.cert }), 'response');
  assert.equal(headers['strict-transport-security'], 'max-age=2592000');

  put('..2', second);
  await eventually('the second certificate', async () => (await servedSerial(port)) === serialOf(second));
  // First a pair that does not match, then one that does: SIGHUP makes the gateway read the folder immediately.
  put('..3', { ...third, key: first.key });
  process.kill(program.pid, 'SIGHUP');
  await program.printed(/error: TLS: the key in .* does not belong to .*; the previous certificate remains in use/);
  assert.equal(await servedSerial(port), serialOf(second));
  put('..4', third);
  process.kill(program.pid, 'SIGHUP');
  await program.printed(
    /from now on a certificate, until .*, is served: sha256:[\da-f]{64}[\s\S]*from now on a certificate/,
  );
  assert.equal(await servedSerial(port), serialOf(third));
  assert.equal(isOver, false);
});

it('the command reaches a gateway with a private authority, and a self-signed one by its fingerprint', async () => {
  await using stack = new AsyncDisposableStack();
  const { certFile, keyFile } = certificate('robot');
  const ofCa = await gateway([`server.tls.cert_file=${certFile}`, `server.tls.key_file=${keyFile}`], stack);
  const refused = await medkit(['apps', '--url', ofCa.url]);
  assert.deepEqual([refused.code, /not trusted .*--ca-file or MEDKIT_CA_FILE/.test(refused.output)], [7, true]);
  assert.equal((await medkit(['apps', '--url', ofCa.url, '--ca-file', ca.certFile])).code, 0);
  assert.equal((await medkit(['apps', '--url', ofCa.url], { MEDKIT_CA_FILE: ca.certFile })).code, 0);

  const selfSigned = await gateway(['server.tls.self_signed=true', `data_dir=${join(folder, 'data')}`], stack);
  const [, fingerprint = ''] = await selfSigned.program.printed(/is served: (sha256:[\da-f]{64})/);
  const unknown = await medkit(['apps', '--url', selfSigned.url]);
  assert.equal(unknown.code, 7);
  assert.ok(unknown.output.includes(`--fingerprint ${fingerprint}`), unknown.output);
  assert.ok((await medkit(['auth', 'fingerprint', '--url', selfSigned.url])).output.startsWith(fingerprint));
  assert.equal((await medkit(['apps', '--url', selfSigned.url, '--fingerprint', fingerprint])).code, 0);
  assert.equal((await medkit(['apps', '--url', selfSigned.url], { MEDKIT_FINGERPRINT: fingerprint })).code, 0);
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, 'the password of jan\n');
  const login = ['login', '--url', selfSigned.url, '--user', 'jan', '--password-file', passwordFile];
  const refusedLogin = await medkit(login);
  assert.ok(refusedLogin.output.includes(`--fingerprint ${fingerprint}`), refusedLogin.output);
  assert.match((await medkit([...login, '--fingerprint', fingerprint])).output, /has no accounts: run .* auth init/);
  const wrong = await medkit(['apps', '--url', selfSigned.url, '--fingerprint', `sha256:${'0'.repeat(64)}`]);
  assert.equal(wrong.code, 7);
  assert.match(wrong.output, /does not match --fingerprint: it is sha256:/);
  const otherAddress = await medkit([
    'apps',
    '--url',
    selfSigned.url.replace('127.0.0.1', '127.0.0.2'),
    '--fingerprint',
    fingerprint,
  ]);
  assert.notEqual(otherAddress.code, 0);
  await selfSigned.program.end('SIGTERM');
  const again = await gateway(['server.tls.self_signed=true', `data_dir=${join(folder, 'data')}`], stack);
  await again.program.printed(new RegExp(`is served: ${fingerprint}`));
});

it('a gateway aggregates another one over HTTPS, with the certificate of the authority', async () => {
  await using stack = new AsyncDisposableStack();
  const { certFile, keyFile } = certificate('peer');
  const peer = await gateway([`server.tls.cert_file=${certFile}`, `server.tls.key_file=${keyFile}`], stack);
  const showing = ['aggregation.enabled=true', `aggregation.peer_urls=${peer.url}`, 'aggregation.peer_names=peer'];
  const statusOf = async (more: readonly string[]) => {
    const head = await gateway(
      [...showing, ...more, `server.tls.cert_file=${certFile}`, `server.tls.key_file=${keyFile}`],
      stack,
    );
    return eventually('a status', async () => {
      const [{ name, status }] = (await ask(`${head.url}/api/v1/health`)).peers;
      return name === 'peer' && /^(?:online|offline)$/.exec(status)?.[0];
    });
  };
  assert.equal(await statusOf([`aggregation.ca_file=${ca.certFile}`]), 'online');
  assert.equal(await statusOf([]), 'offline');
});

it('a start without a usable certificate is refused with one line', async () => {
  const { certFile } = certificate('lonely');
  const { keyFile } = certificate('other');
  for (const [cert, key, expected] of [
    ['/nowhere', keyFile, /the file \/nowhere does not exist/],
    [certFile, keyFile, /the key in .* does not belong to the certificate in/],
  ] as const) {
    const files = [`server.tls.cert_file=${cert}`, `server.tls.key_file=${key}`];
    const words0 = ['server.tls.enabled=true', ...files, 'ros.enabled=false'].flatMap((setting) => ['--set', setting]);
    const { code, output } = await medkit(['up', '--port', '0', ...words0]);
    assert.notEqual(code, 0);
    assert.match(output, expected);
    assert.equal(output.trim().split('\n').length, 1, output);
  }
});
