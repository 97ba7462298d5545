import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testGateway } from '../testing/test-gateway.ts';
import { policyOf } from './start-page.ts';

const { app } = await testGateway();
const ask = (accept: string) => app.inject({ url: '/', headers: { host: 'localhost', accept } });

test('a browser gets the page, everybody else the overview', async () => {
  const page = await ask('text/html,application/xhtml+xml,*/*;q=0.8');
  assert.match(String(page.headers['content-type']), /^text\/html/);
  assert.match(page.body, /<title>medkit<\/title>/);
  const overview = await ask('*/*');
  assert.equal(overview.json().api_base, '/api/v1');
  assert.equal(overview.headers.vary, 'Accept');
});

test('the page may run and load nothing but what is in it', async () => {
  const { headers, body } = await ask('text/html');
  const policy = String(headers['content-security-policy']);
  assert.match(policy, /default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; connect-src 'self'/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.doesNotMatch(body, /\son\w+="|\sstyle="|https?:\/\/(?!www\.w3\.org)|innerHTML/);
});

test('the policy names the digest of each script', () => {
  assert.match(
    policyOf('<script>alert(1)</script>'),
    /script-src 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF\+pI='/,
  );
});

test('a program that the page tells people to run is of one version', async () => {
  const { body } = await ask('text/html');
  const programs = [...body.matchAll(/npx ([^\s`']+)/g)].map(([, program = '']) => program);
  assert.ok(programs.length > 0);
  for (const program of programs) assert.match(program, /.@\d+\.\d+\.\d+$/);
});
