import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { ProcessControl } from './control/process-control.ts';
import { processFacts } from './introspection/process-facts.ts';
import { thisMachine } from './machine.ts';
import { procFolder } from './proc/proc-folder.ts';
import { nodesOf } from './processes/command-line.ts';
import { CpuMeter } from './processes/cpu-meter.ts';
import { listProcesses } from './processes/process-table.ts';

const proc = procFolder({ ...thisMachine, root: '/' });

/** Starts a child process that exits by itself if the test does not end it. */
async function child(code = '') {
  const args = [
    '-e',
    `${code}; setTimeout(() => 0, 20_000); console.log('up')`,
    '--',
    '--ros-args',
    '-r',
    '__node:=child',
  ];
  const process_ = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(process_, 'exit');
  await once(process_.stdout, 'data');
  return { id: process_.pid!, ended };
}

describe('the real /proc', () => {
  it('yields the true facts of a child process of this test', async () => {
    const { id, ended } = await child();
    const table = await listProcesses(proc, systemClock, new Map());
    const listed = table.get(id);
    assert.ok(listed);
    assert.deepEqual(nodesOf(listed.args), ['/child']);
    const facts = await processFacts({ proc, meter: new CpuMeter(), clock: systemClock }, listed);
    assert.deepEqual([facts.pid, facts.ppid, facts.exe], [id, process.pid, process.execPath]);
    assert.match(facts.state, /^[RSD]$/);
    assert.match(facts.cmdline, /--ros-args -r __node:=child$/);
    assert.ok(facts.rss_bytes > 1_000_000 && facts.vm_size_bytes > facts.rss_bytes, `${facts.rss_bytes}`);
    assert.ok(facts.threads > 1 && facts.uptime_seconds >= 0 && facts.uptime_seconds < 20);
    assert.ok(facts.fd_count! >= 3 && facts.fd_limit! >= facts.fd_count!);
    assert.equal(typeof facts.read_bytes, 'number');
    thisMachine.signals.send(id, 'SIGKILL');
    await ended;
    await assert.rejects(processFacts({ proc, meter: new CpuMeter(), clock: systemClock }, listed), {
      name: 'ProcReadFailed',
      message: /not found/,
    });
  });

  it('a process that ignores the request to end is ended by force', async () => {
    const { id, ended } = await child("process.on('SIGTERM', () => console.log('no'))");
    const listed = (await listProcesses(proc, systemClock, new Map())).get(id);
    assert.ok(listed);
    const control = new ProcessControl({
      proc,
      signals: thisMachine.signals,
      clock: systemClock,
      gatewayProcessIds: thisMachine.gatewayProcessIds,
      stopTimeoutMs: 100,
      isAllowed: () => true,
    });
    await control.change(listed, 'shutdown');
    assert.deepEqual(await ended, [null, 'SIGKILL']);
    control.stop();
  });
});
