import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { startProgram } from '../harness/program.ts';

const DOMAIN = await reserveDomain();
const TOKEN = 'hush-0123456789abcdef';

it('a plain script finds no secret in the environment and arguments of the gateway', async () => {
  const args = ['up', '--port', '0', '--domain', String(DOMAIN), '--set', 'scripts.runner=plain'];
  const header = 'Authorization: Bearer hush-of-loki';
  const sets = ['--set', `logs.sinks.loki.headers=${header}`];
  const env = { MEDKIT_SERVER_TOKEN: TOKEN, ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
  const program = startProgram([...args, ...sets], { env });
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => void (await program.end('SIGTERM')));
  const [url] = await program.printed(/http:\/\/127\.0\.0\.1:\d+/);
  assert.match(program.output(), /server\.token: other programs can read this secret \(MEDKIT_SERVER_TOKEN\)/);
  const headers = { authorization: `Bearer ${TOKEN}` };
  // biome-ignore lint/suspicious/noExplicitAny: the comparison checks the shape.
  const ask = async (path: string, init: RequestInit = {}): Promise<any> => {
    const reply = await fetch(`${url}/api/v1${path}`, { ...init, headers: { ...headers, ...init.headers } });
    assert.ok(reply.ok, await reply.clone().text());
    return reply.json();
  };
  const [{ id }] = (await ask('/components')).items;
  const form = new FormData();
  form.append('file', new Blob(['cat /proc/$PPID/environ /proc/$PPID/cmdline | tr "\\0" "\\n"']), 'spy.sh');
  await ask(`/components/${id}/scripts`, { method: 'POST', body: form });
  const run = { method: 'POST', body: '{"execution_type":"now"}', headers: { 'content-type': 'application/json' } };
  await ask(`/components/${id}/scripts/spy/executions`, run);
  const seen = await eventually('its end', async () => {
    const { status, 'x-medkit': more } = await ask(`/components/${id}/scripts/spy/executions/exec_001`);
    return status === 'completed' && (more.stdout as string);
  });
  assert.match(seen, /ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST.*scripts\.runner=plain/s, 'it looks at the right place');
  assert.equal(seen.includes('hush'), false, seen);
});
