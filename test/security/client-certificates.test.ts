import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, get, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { makeCertificate } from '../harness/certificates.ts';
import { type ClientFiles, makeClientAuthority } from '../harness/client-authority.ts';
import { eventually } from '../harness/eventually.ts';
import { startProgram } from '../harness/program.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'medkit-client-certificates-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const serverCa = makeCertificate({ folder, name: 'server-ca' });
const server = makeCertificate({ folder, name: 'gateway', subject: 'IP:127.0.0.1,DNS:localhost', ca: serverCa });
const root = makeClientAuthority(folder, 'root');
const plant = makeClientAuthority(folder, 'plant', root);
const stranger = makeClientAuthority(folder, 'stranger');

const caFile = join(folder, 'clients.pem');
const crlFile = join(folder, 'clients.crl');
const writeCa = () => writeFileSync(caFile, readFileSync(root.certFile));
const writeCrl = () => writeFileSync(crlFile, root.crl() + plant.crl());
writeCa();
writeCrl();

const RULES = [
  'ci:operator = uri:spiffe://plant.example/ci',
  'robot-*:viewer = dns:*.robots.example',
  'ada:admin = email:ada@example.com',
  'mueller:viewer = cn:Jörg Müller, 保守',
];

/** Starts a gateway that requests client certificates; it ends with the test. */
async function gateway(stack: AsyncDisposableStack, mode: string, settings: Readonly<Record<string, string>> = {}) {
  const file = join(folder, `${mode}-${Math.random().toString(36).slice(2)}.yaml`);
  const tls = { enabled: true, cert_file: server.certFile, key_file: server.keyFile, client_auth: mode };
  const clients = { client_ca_file: caFile, client_crl_file: crlFile, client_map: RULES };
  writeFileSync(file, JSON.stringify({ ros: { enabled: false }, server: { tls: { ...tls, ...clients } } }));
  const more = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const program = startProgram(['up', '--port', '0', '--config', file, ...more]);
  stack.defer(async () => void (await program.end('SIGTERM')));
  const [, url = ''] = await program.printed(/Page +(https:\/\/127\.0\.0\.1:\d+)/, 60_000);
  return { program, url, port: Number(new URL(url).port) };
}

const pair = ({ certFile, keyFile }: ClientFiles) => ({
  cert: readFileSync(certFile),
  key: readFileSync(keyFile),
});

interface Reply {
  readonly status: number | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: the comparisons check the shape.
  readonly body: any;
}

async function ask(url: string, client?: ClientFiles, options: object = {}): Promise<Reply> {
  const request = httpsRequest(url, { ca: serverCa.cert, agent: false, ...(client && pair(client)), ...options }).end();
  const [reply] = (await once(request, 'response')) as [IncomingMessage];
  const text = (await reply.setEncoding('utf8').toArray()).join('');
  return { status: reply.statusCode, body: text === '' ? undefined : JSON.parse(text) };
}

/** Returns the principal that the gateway sees, or the status and message of its refusal. */
async function identity(url: string, client?: ClientFiles, options: object = {}): Promise<string> {
  const { status, body } = await ask(`${url}/api/v1/x-medkit-me`, client, options);
  return status === 200 ? `${body.principal} ${body.role} ${body.method}` : `${status} ${body.message}`;
}

it('a certificate identifies its client by its names, with an intermediate authority', async () => {
  await using stack = new AsyncDisposableStack();
  const { url, program } = await gateway(stack, 'optional');
  const ci = plant.client('ci', { san: ['DNS.1=unknown.example', 'URI.1=spiffe://plant.example/ci'] });
  assert.equal(await identity(url, ci), 'certificate:ci operator certificate');
  const cases: readonly (readonly [string, object, RegExp])[] = [
    ['robot', { san: ['DNS.1=R-7.Robots.example'] }, /^certificate:robot-r-7 viewer/],
    ['deep', { san: ['DNS.1=a.b.robots.example'] }, /^401/],
    ['mail', { san: ['email.1=ada@EXAMPLE.com'], subject: '/' }, /^certificate:ada admin/],
    ['script', { subject: '/CN=Jörg Müller, 保守' }, /^certificate:mueller viewer/],
    ['two-names', { subject: '/CN=Jörg Müller, 保守/CN=other' }, /^401/],
    ['comma', { san: ['URI.1=spiffe://x/a, URI:spiffe://plant.example/ci'] }, /^401/],
    ['quoted', { san: ['DNS.1=x", URI:spiffe://plant.example/ci, DNS:"'] }, /^401/],
    ['no-usage', { san: ['URI.1=spiffe://plant.example/ci'], usage: '' }, /^certificate:ci operator/],
    ['for-servers', { san: ['URI.1=spiffe://plant.example/ci'], usage: 'serverAuth' }, /^401 .*clientAuth/],
    ['late', { san: ['URI.1=spiffe://plant.example/ci'], until: new Date(Date.now() - 60_000) }, /^401 .*expired/],
  ];
  for (const [name, wish, expected] of cases)
    assert.match(await identity(url, plant.client(name, wish)), expected, name);
  const forged = stranger.client('forged', { san: ['URI.1=spiffe://plant.example/ci'] });
  assert.match(await identity(url, forged), /^401 .*not issued by an authority that this gateway trusts/);
  const alone = makeCertificate({ folder, name: 'alone', subject: 'URI:spiffe://plant.example/ci' });
  assert.match(await identity(url, alone), /^401 .*not issued by an authority/);
  assert.match(await identity(url), /^401 /);
  assert.equal((await ask(`${url}/api/v1/health`)).status, 200);
  const { status, body } = await ask(`${url}/api/v1/health`, ci);
  assert.deepEqual([status, body['x-medkit-tls'].client_auth], [200, 'optional']);
  // The log is read later than the replies.
  await program.printed(/is refused: certificate-not-for-clients \(INVALID_PURPOSE\)/);
  await program.printed(/matches no rule of server\.tls\.client_map: .*a\.b\.robots\.example/);
});

const TOKEN = 'a-token-of-sixteen-letters';
const BEARER = { headers: { authorization: `Bearer ${TOKEN}` } };

it('a key in the request takes precedence over the certificate, and no header replaces a certificate', async () => {
  await using stack = new AsyncDisposableStack();
  const { url } = await gateway(stack, 'optional', { 'server.token': TOKEN });
  const ci = plant.client('ci-key', { san: ['URI.1=spiffe://plant.example/ci'] });
  assert.equal(await identity(url, ci, BEARER), 'server.token admin token');
  assert.equal(await identity(url, undefined, BEARER), 'server.token admin token');
  assert.match(await identity(url, ci, { headers: { authorization: 'Bearer wrong-key-of-a-client' } }), /^401/);
  const pem = encodeURIComponent(readFileSync(ci.certFile, 'utf8'));
  for (const name of ['x-ssl-client-cert', 'client-cert', 'x-forwarded-client-cert', 'x-client-cert'])
    assert.match(await identity(url, undefined, { headers: { [name]: pem } }), /^401/, name);
  const lock = { method: 'POST', headers: { origin: 'https://other.example', 'content-type': 'application/json' } };
  assert.equal((await ask(`${url}/api/v1/apps/none/locks`, ci, lock)).status, 403);
});

it('a gateway that requires a certificate serves nothing without one, and names the remedy', async () => {
  await using stack = new AsyncDisposableStack();
  const { url, program } = await gateway(stack, 'required', { 'server.token': TOKEN });
  const ci = plant.client('ci-required', { san: ['URI.1=spiffe://plant.example/ci'] });
  const unknown = plant.client('unknown', { san: ['URI.1=spiffe://plant.example/other'] });
  for (const path of ['/api/v1/health', '/api/v1/', '/', '/api/v1/apps', '/nothing'])
    assert.match(
      String((await ask(url + path)).body?.message),
      /requires a client certificate: use --client-cert/,
      path,
    );
  assert.match(await identity(url, undefined, BEARER), /^401 .*requires a client certificate/);
  assert.match(await identity(url, unknown, BEARER), /^401 .*matches no rule/);
  assert.equal(await identity(url, ci, BEARER), 'server.token admin token');
  assert.equal((await ask(`${url}/api/v1/health`, ci)).status, 200);
  // An identical request was answered before: it must not be answered to a connection without a certificate.
  for (let i = 0; i < 3; i++) assert.equal((await ask(`${url}/api/v1/`, ci, BEARER)).status, 200);
  assert.equal((await ask(`${url}/api/v1/`, undefined, BEARER)).status, 401);
  const { body } = await ask(`${url}/api/v1/health`, ci);
  const { reasons } = body['x-medkit-denied-requests'] ?? body['x-medkit-access'] ?? {};
  assert.ok(reasons['no-credential'] >= 6 && reasons['wrong-credential'] >= 1, JSON.stringify(body));
  assert.doesNotMatch(program.output(), /error:/);
});

it('a resumed session keeps the identity, until the revocation list changes', async () => {
  await using stack = new AsyncDisposableStack();
  writeCrl();
  const { url, port, program } = await gateway(stack, 'required');
  const ci = plant.client('ci-resumed', { san: ['URI.1=spiffe://plant.example/ci'] });
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const options = { host: '127.0.0.1', port, ca: serverCa.cert, ...pair(ci), maxVersion };
    const begin = async (session?: Buffer) => {
      const socket = connect({ ...options, ...(session && { session }) });
      const sessions: Buffer[] = [];
      socket.on('session', (each) => sessions.push(each));
      await once(socket, 'secureConnect');
      const isReused = socket.isSessionReused();
      socket.write('GET /api/v1/x-medkit-me HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n');
      const text = (await socket.setEncoding('utf8').toArray()).join('');
      return { text, isReused, session: sessions.at(-1) };
    };
    const first = await begin();
    const second = await begin(first.session);
    assert.deepEqual([first.isReused, second.isReused], [false, true], maxVersion);
    assert.match(second.text, /"principal":"certificate:ci"/);
    const before = program.output().length;
    writeCrl();
    process.kill(program.pid as number, 'SIGHUP');
    await eventually('the list is in use', async () =>
      program.output().slice(before).includes('new authorities and revocation lists'),
    );
    assert.equal((await begin(first.session)).isReused, false, maxVersion);
  }
  assert.match(await identity(url, ci), /^certificate:ci/);
});

it('a revoked certificate ends streams and connections within a minute, and a broken list changes nothing', async () => {
  await using stack = new AsyncDisposableStack();
  writeCrl();
  const { url, program } = await gateway(stack, 'optional', { 'server.keep_alive_timeout_sec': '300' });
  const [ci, lost] = ['ci-stays', 'ci-lost'].map((name) =>
    plant.client(name, { san: ['URI.1=spiffe://plant.example/ci'] }),
  ) as [ClientFiles, ClientFiles];
  const agent = new Agent({ keepAlive: true, ca: serverCa.cert, ...pair(lost) });
  stack.defer(() => agent.destroy());
  assert.match(await identity(url, lost, { agent }), /^certificate:ci/);
  const [stream] = await once(get(`${url}/api/v1/faults/stream`, { ca: serverCa.cert, ...pair(lost) }), 'response');
  const ended = once(stream.resume(), 'close');
  const health = async () => (await ask(`${url}/api/v1/health`, ci)).body;
  const codes = async () => (await health()).warnings.map(({ code }: { code: string }) => code);

  for (const [broken, reason] of [
    ['', /has no line -----BEGIN X509 CRL-----/],
    [root.crl().slice(0, 200), /truncated/],
    ['-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n', /damaged in entry 1/],
  ] as const) {
    writeFileSync(crlFile, broken);
    process.kill(program.pid as number, 'SIGHUP');
    await eventually('the file is refused', async () => {
      const { warnings } = await health();
      const found = warnings.find(({ code }: { code: string }) => code === 'tls_client_ca_refused');
      return reason.test(String(found?.message));
    });
  }
  assert.match(await identity(url, lost, { agent }), /^certificate:ci/);

  plant.revoke(lost);
  writeCrl();
  process.kill(program.pid as number, 'SIGHUP');
  await eventually('the change is in use', async () => !(await codes()).includes('tls_client_ca_refused'));
  assert.match(await identity(url, lost), /^401 .*was revoked/);
  assert.match(await identity(url, ci), /^certificate:ci/);
  const beganMs = Date.now();
  await ended.catch(() => undefined);
  assert.ok(Date.now() - beganMs < 60_000);
  assert.match(await identity(url, lost, { agent }), /^401 .*was revoked/);

  // Without the list of the intermediate authority nothing can be checked.
  writeFileSync(crlFile, root.crl());
  process.kill(program.pid as number, 'SIGHUP');
  await eventually('the change is in use', async () => /^401 .*cannot check whether/.test(await identity(url, ci)));
  const admin = root.client('ada-root', { san: ['email.1=ada@example.com'] });
  const { body } = await ask(`${url}/api/v1/health`, admin);
  assert.ok(body.warnings.some(({ code }: { code: string }) => code === 'tls_client_crl_unusable'));
});

it('an expired certificate ends its stream with the reason', async () => {
  await using stack = new AsyncDisposableStack();
  writeCrl();
  const { url } = await gateway(stack, 'optional');
  const until = new Date(Date.now() + 15_000);
  const brief = plant.client('brief', { san: ['URI.1=spiffe://plant.example/ci'], until });
  const [stream] = await once(get(`${url}/api/v1/faults/stream`, { ca: serverCa.cert, ...pair(brief) }), 'response');
  const agent = new Agent({ keepAlive: true, ca: serverCa.cert, ...pair(brief) });
  stack.defer(() => agent.destroy());
  assert.match(await identity(url, brief, { agent }), /^certificate:ci/);
  const text = (await stream.setEncoding('utf8').toArray()).join('');
  assert.match(text, /event: x-medkit-auth\ndata: \{"reason":"expired","retry":true\}/);
  assert.match(await identity(url, brief, { agent }), /^401 .*expired/);
});

it('curl and the ssl module of Python authenticate with a certificate', async () => {
  await using stack = new AsyncDisposableStack();
  writeCrl();
  const { url, port } = await gateway(stack, 'required');
  const ci = plant.client('ci-foreign', { san: ['URI.1=spiffe://plant.example/ci'] });
  const me = `${url}/api/v1/x-medkit-me`;
  const trust = ['-s', '--cacert', serverCa.certFile];
  const files = ['--cert', ci.certFile, '--key', ci.keyFile];
  assert.match((await run('curl', [...trust, ...files, me])).stdout, /"principal":"certificate:ci"/);
  assert.match((await run('curl', [...trust, me])).stdout, /requires a client certificate/);
  const script = [
    'import http.client, ssl, sys',
    'ca, cert, key, port = sys.argv[1:]',
    'context = ssl.create_default_context(cafile=ca)',
    'context.load_cert_chain(cert, key)',
    'connection = http.client.HTTPSConnection("127.0.0.1", int(port), context=context)',
    'for _ in range(2):',
    '    connection.request("GET", "/api/v1/x-medkit-me")',
    '    print(connection.getresponse().read().decode())',
  ].join('\n');
  const args = ['-c', script, serverCa.certFile, ci.certFile, ci.keyFile, String(port)];
  assert.equal((await run('python3', args)).stdout.match(/"principal":"certificate:ci"/g)?.length, 2);
});

it('medkit presents a certificate from options or environment, and names the remedy without one', async () => {
  await using stack = new AsyncDisposableStack();
  writeCrl();
  const { url } = await gateway(stack, 'required');
  const [ci, other] = ['ci-command', 'other-command'].map((name) =>
    plant.client(name, { san: ['URI.1=spiffe://plant.example/ci'] }),
  ) as [ClientFiles, ClientFiles];
  const medkit = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const program = startProgram([...args, '--url', url, '--ca-file', serverCa.certFile], { env });
    return { code: await program.ended, output: program.output() };
  };
  const files = ['--client-cert', ci.certFile, '--client-key', ci.keyFile];
  const identified = await medkit(['whoami', ...files]);
  assert.match(identified.output, /certificate:ci[\s\S]*authenticated by +a client certificate[\s\S]*valid until/);
  const environment = { MEDKIT_CLIENT_CERT: ci.certFile, MEDKIT_CLIENT_KEY: ci.keyFile };
  const listed = await medkit(['apps', '--json'], environment);
  assert.deepEqual([listed.code, 'items' in JSON.parse(listed.output)], [0, true]);
  for (const command of ['whoami', 'doctor']) {
    const { code, output } = await medkit([command]);
    assert.notEqual(code, 0, command);
    assert.match(output, /requires a client certificate: use --client-cert and --client-key/, command);
  }
  const wrong = await medkit(['whoami', '--client-cert', ci.certFile, '--client-key', other.keyFile]);
  assert.match(wrong.output, /--client-key: the key in .* does not belong to the certificate in/);
  assert.match((await medkit(['whoami', '--client-key', ci.keyFile])).output, /add --client-cert/);
  assert.match((await medkit(['whoami', '--client-cert', '/nowhere.pem'])).output, /--client-cert: ENOENT/);
});
