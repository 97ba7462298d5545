import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { isAlive, type ScriptGateway, startScriptGateway } from './script-gateway.ts';

const bubblewrapMissing = missingSystemPackages('bubblewrap');

/** Returns the processes of this machine whose command line contains this word. */
async function processesWith(word: string): Promise<readonly number[]> {
  const { readdir, readFile } = await import('node:fs/promises');
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return ids.filter((_id, index) => lines[index]?.includes(word)).map(Number);
}

/** Waits until none of these processes is running. */
const untilNone = (word: string) =>
  eventually(`the end of all of ${word}`, async () => (await processesWith(word)).length === 0);

describe('confined scripts', { timeout: 160_000, skip: bubblewrapMissing }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-confined-'));
  const settings = [
    'scripts.runner=bubblewrap',
    'scripts.default_timeout_sec=3',
    'scripts.confined.max_processes=32',
    'scripts.confined.network=false',
  ];
  let gateway: ScriptGateway;
  before(async () => {
    gateway = await startScriptGateway(folder, ...settings);
  });
  after(async () => {
    await gateway.program.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const run = async (name: string, text: string) => {
    await gateway.upload(name, text);
    return gateway.run(name);
  };

  it('run, write to permitted folders, and leave nothing', async () => {
    const word = 'left-behind-by-a-confined-script';
    const { status, 'x-medkit': more } = await run(
      'write',
      `pwd; echo ${word} > file && cat file; echo ${word} > /tmp/${word} && ls /tmp/*.sh; echo oops > /dev/stderr`,
    );
    assert.deepEqual([status, more.runner, more.stderr], ['completed', 'bubblewrap', 'oops\n']);
    assert.equal(more.stdout, `/tmp/home\n${word}\n/tmp/write.sh\n`);
    assert.equal(existsSync(join(tmpdir(), word)), false);
  });

  it('read no home, no data of the gateway, no password file, and write nothing of the system', async () => {
    const secret = join(homedir(), '.medkit-secret-of-a-test');
    writeFileSync(secret, 'secret');
    try {
      const { 'x-medkit': more } = await run(
        'spy',
        `cat ${secret}; cat ${folder}/gateway.db; ls ${folder}; cat /etc/shadow; echo x > /etc/medkit-x; echo x > /usr/x; rm -rf /etc/hostname; ls /run /dev/mem`,
      );
      assert.equal(more.stdout, '/run:\n');
      for (const denied of [secret, 'gateway.db', '/etc/shadow', '/etc/medkit-x', '/usr/x', '/dev/mem']) {
        assert.match(more.stderr, new RegExp(`${denied.replaceAll('.', '\\.')}.*(No such file|denied|Read-only)`, 's'));
      }
    } finally {
      rmSync(secret);
    }
    assert.ok(existsSync('/etc/hostname'));
  });

  it('run like the example of the guide', async () => {
    const text = readFileSync(
      join(import.meta.dirname, '..', '..', 'examples', 'scripts', 'check_lidar_health.sh'),
      'utf8',
    );
    const { status, parameters } = await run('check_lidar_health', text);
    assert.deepEqual([status, parameters?.['healthy']], ['completed', true]);
  });

  it('have no network, not even to this machine', async () => {
    const server = createServer((_request, reply) => reply.end('reached')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const { 'x-medkit': more } = await run(
      'network',
      `exec python3 - <<'END'\nimport socket\ntry:\n  socket.create_connection(('127.0.0.1', ${port}), 1)\n  print('reached')\nexcept OSError as e:\n  print('refused')\nEND`,
    );
    server.close();
    assert.equal(more.stdout.trim(), 'refused');
  });

  it('see no process of the machine', async () => {
    const { 'x-medkit': more } = await run('look', 'ls /proc | grep -c "^[0-9]*$"; kill -9 -1; echo alone');
    assert.ok(Number(more.stdout.split('\n')[0]) < 10, more.stdout);
    assert.ok(isAlive(gateway.program.pid));
  });

  it('cannot leave a process running, not even in a separate session', async () => {
    const { status } = await run('escape', 'setsid sleep 7654 & setsid sh -c "sleep 7654 & exit" & sleep 0.2');
    assert.equal(status, 'completed');
    await untilNone('7654');
  });

  it('cannot exhaust the machine by forking: their processes are limited, and all of them end', async () => {
    const { id } = await (async () => {
      // A shell that cannot fork exits: the subshells of the loop stay and can be counted.
      const loop = 'while :; do (sleep 9876; :) & done';
      await gateway.upload('bomb', `bomb() { bomb | bomb & }; (bomb); (${loop}); exec sleep 9876`);
      return gateway.start('bomb');
    })();
    let max = 0;
    const ended = await eventually('its end', async () => {
      // Forking processes, and the rest of the script once nothing can be forked any more.
      const counted = await Promise.all([processesWith('bomb.sh'), processesWith('9876')]);
      max = Math.max(max, new Set(counted.flat()).size);
      const execution = await gateway.execution('bomb', id);
      return execution.status !== 'running' && execution;
    });
    assert.ok(max > 0 && max <= 40, `${max} processes`);
    assert.ok(['terminated', 'failed', 'completed'].includes(ended.status));
    await untilNone('bomb.sh');
  });

  it('are ended after their time limit, even if they ignore signals, and may clean up before', async () => {
    const polite = await run('polite', 'trap "echo bye; exit 5" TERM; sleep 60 & wait');
    assert.deepEqual(
      [polite.status, polite.error?.reason, polite['x-medkit'].stdout],
      ['terminated', 'timed-out', 'bye\n'],
    );
    const deaf = await run('deaf', 'trap "" TERM; sleep 60; sleep 60');
    assert.deepEqual([deaf.status, deaf.error?.reason], ['terminated', 'timed-out']);
  });

  it('cannot fill memory or disk', async () => {
    const { 'x-medkit': more } = await run(
      'fill',
      'head -c 400M /dev/zero > big; ls -s big | cut -d" " -f1; rm big; head -c 1 /dev/zero > /dev/shm/x && echo shm',
    );
    assert.match(more.stderr, /No space left/);
    assert.ok(Number(more.stdout.split('\n')[0]) <= 256 * 1024, more.stdout);
  });

  it('end with a gateway that is killed', async () => {
    await gateway.upload('long', 'sleep 6543');
    const { id } = await gateway.start('long');
    await gateway.until('long', id, ({ status }) => status === 'running');
    await eventually('it runs', async () => (await processesWith('6543')).length > 0);
    await gateway.program.end('SIGKILL');
    await untilNone('6543');
    gateway = await startScriptGateway(folder, ...settings);
    const { status, error } = await gateway.execution('long', id);
    assert.deepEqual([status, error?.reason], ['terminated', 'gateway-ended']);
  });
});
