import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

const UNTIL_STOPPED = new URL('until-stopped.ts', import.meta.url).href;
const PROGRAM = `
  import { untilStopped } from '${UNTIL_STOPPED}';
  const keep = setInterval(() => {}, 1000);
  const stopped = untilStopped({}, { onReload: () => console.log('reloads') });
  console.log('runs');
  await stopped;
  console.log('stops');
  clearInterval(keep);
`;

test('a program without a terminal reloads at SIGHUP, and continues', { timeout: 30_000 }, async () => {
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', PROGRAM];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  const answers: Readonly<Record<string, NodeJS.Signals>> = { runs: 'SIGHUP', reloads: 'SIGTERM' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const word of text.trim().split('\n')) {
      said.push(word);
      const next = answers[word];
      if (next) child.kill(next);
    }
  });
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.deepEqual(said, ['runs', 'reloads', 'stops']);
});
