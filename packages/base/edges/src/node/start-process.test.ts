import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { startProcess } from './start-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'medkit-process-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program whose `port` connects it to this process. */
function run(name: string, body: string) {
  const entry = join(folder, `${name}.mjs`);
  const here = new URL('./start-process.ts', import.meta.url).href;
  writeFileSync(entry, `import { childPort } from '${here}';\nconst port = childPort();\n${body}`);
  return startProcess({ entry: pathToFileURL(entry), maxHeapMb: 32 });
}

describe('a process', { timeout: 30_000 }, () => {
  it('exchanges structured clones, sees no secrets, and exits on request', async () => {
    process.env['MEDKIT_SERVER_TOKEN'] = 'secret';
    const answered = Promise.withResolvers<unknown>();
    const child = run('echo', "port.on('message', (m) => port.postMessage([m, process.env.MEDKIT_SERVER_TOKEN]));");
    child.port.on('message', answered.resolve);
    const message = { big: 2n ** 70n, octets: new Uint8Array([1, 2]), of: new Map([['a', 1]]) };
    child.port.postMessage(message);
    assert.deepEqual(await answered.promise, [message, undefined]);
    delete process.env['MEDKIT_SERVER_TOKEN'];
    await child.end();
    assert.equal(await child.ended, 'signal SIGKILL');
    child.port.postMessage('nobody hears it');
  });

  it('has the priority of this process until that is lowered', async () => {
    const answered = Promise.withResolvers<number>();
    const child = run('waits', "port.on('message', () => port.postMessage(process.pid));");
    child.port.on('message', (pid) => answered.resolve(pid as number));
    child.port.postMessage('pid');
    const pid = await answered.promise;
    assert.equal(getPriority(pid), getPriority());
    child.lowerPriority?.();
    assert.equal(getPriority(pid), constants.priority.PRIORITY_BELOW_NORMAL);
    await child.end();
    child.lowerPriority?.();
  });

  it('reports why it exited', async () => {
    const failed = run('fails', "throw new TypeError('no such bus');");
    assert.equal(await failed.ended, 'exit code 1, TypeError: no such bus');
    const hoard = run('hoards', "const items = [];\nfor (;;) items.push({ text: 'thing' + items.length });");
    assert.equal(await hoard.ended, 'it exceeded its memory limit');
    const missing = startProcess({ entry: pathToFileURL(join(folder, 'nothing.mjs')), maxHeapMb: 32 });
    assert.match(await missing.ended, /^exit code 1, Error: Cannot find module/);
  });
});
