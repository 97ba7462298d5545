import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';

it('only secrets in the command line of the process are blanked', async () => {
  const program = `
    const { blankProcessSecrets } = await import(${JSON.stringify(import.meta.resolve('./blank-process-secrets.ts'))});
    const { readFileSync } = await import('node:fs');
    const isBlanked = await blankProcessSecrets(['MEDKIT_SERVER_TOKEN=', 'server.token=']);
    const textsOf = (name) => readFileSync('/proc/self/' + name, 'latin1').split('\\0');
    console.log(JSON.stringify({ isBlanked, environment: textsOf('environ'), args: textsOf('cmdline').slice(-4) }));
  `;
  const environment = { PATH: '/bin', MEDKIT_SERVER_TOKEN: 'hush=hush', MEDKIT_SERVER_TOKENS: 'no secret' };
  const args = ['--input-type=module', '-e', program, '--', '--set', 'server.token=hush', 'server.port=1'];
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  const { isBlanked, ...texts } = JSON.parse(await text(child.stdout));
  assert.equal(isBlanked, true);
  assert.deepEqual(texts, {
    environment: ['PATH=/bin', 'MEDKIT_SERVER_TOKEN=*********', 'MEDKIT_SERVER_TOKENS=no secret', ''],
    args: ['--set', 'server.token=****', 'server.port=1', ''],
  });
});
