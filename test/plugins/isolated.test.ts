import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { moduleOf, startPluginGateway } from './gateway.ts';

const DOMAIN = await reserveDomain();

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** More processor time than a process needs to start. */
const LOOPS_SEC = 1.5;
const TICKS_PER_SEC = 100;

/**
 * Returns how long a process has run in user mode: the eleventh field after its name, which may contain any characters.
 */
function cpuSec(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]) / TICKS_PER_SEC;
}

describe('a plugin in a separate process', () => {
  it('has the same entities, data and options as a plugin within the gateway', { timeout: 180_000 }, async () => {
    const settings = [
      ...moduleOf('calm'),
      ...moduleOf('apart', 'calm'),
      'plugins.apart.isolate=process',
      'plugins.calm.factor=2',
      'plugins.apart.factor=2',
      'plugins.apart.unit=psi',
    ];
    await using gateway = await startPluginGateway(DOMAIN, ['calm', 'apart'], settings);
    await eventually(
      'both apps',
      async () => (await gateway.apps()).includes('apart') && (await gateway.apps()).includes('calm'),
    );
    assert.equal(gateway.children().length, 1);
    const replies = [];
    for (const [name, unit] of [
      ['calm', 'bar'],
      ['apart', 'psi'],
    ] as const) {
      const value = await gateway.ask(`/apps/${name}/data/pressure`);
      assert.deepEqual(value.body['data'], { pressure: 6, unit, exact: 4611686018427388000 });
      assert.match(value.text, /"exact":4611686018427387904/);
      const refused = await gateway.ask(`/apps/${name}/data/pressure`, 'PUT', { data: 1 });
      assert.deepEqual(
        [refused.status, refused.body['error_code'], refused.body['message']],
        [409, 'precondition-not-fulfilled', 'The pump is dry'],
      );
      assert.equal((await gateway.ask(`/apps/${name}/data/nothing`)).status, 404);
      assert.equal((await gateway.ask(`/apps/${name}/x-calm`, 'PUT', { level: 'high' })).status, 400);
      const reply = await gateway.ask(`/apps/${name}/x-calm`, 'PUT', { level: 3 });
      assert.equal(reply.status, 200, reply.text);
      assert.deepEqual([reply.body['level'], reply.body['health'], reply.body['reported']], [3, 200, true]);
      assert.ok(reply.body['apps'].includes(name));
      replies.push(reply.body);
    }
    assert.deepEqual(replies[0]?.['nodes'], replies[1]?.['nodes'], 'both see the same graph');
    const { health } = await gateway.report('apart');
    assert.deepEqual(health['x-calm'], { level: 7 });
    assert.equal((await gateway.ask('/faults')).body['items'].length, 1);
  });

  it('joins the graph as a plugin within the gateway does', { timeout: 180_000 }, async () => {
    const settings = (name: string, other: string) => [
      ...moduleOf('talk'),
      `plugins.talk.own=${name}`,
      `plugins.talk.other=${other}`,
    ];
    await using inProcess = await startPluginGateway(DOMAIN, ['talk'], settings('ada', 'bob'));
    await using apart = await startPluginGateway(
      DOMAIN,
      ['talk'],
      [...settings('bob', 'ada'), 'plugins.talk.isolate=process'],
    );
    for (const [gateway, other] of [
      [inProcess, 'bob'],
      [apart, 'ada'],
    ] as const) {
      const reply = await eventually(`the words of ${other}`, async () => {
        const { status, body } = await gateway.ask('/x-talk');
        return status === 200 && body['word'] !== '' && body;
      });
      assert.deepEqual(reply, {
        word: `hello from ${other}`,
        changed: true,
        answer: `I am ${other}`,
        unavailable: true,
        round: { data: 'round' },
        type: 'std_msgs/msg/String',
        matched: 1,
        nodes: true,
      });
    }
    // What a process opened is closed when it ends.
    const [child] = apart.children();
    process.kill(child as number, 'SIGKILL');
    await eventually('its node to go', async () => (await inProcess.ask('/x-talk')).body['nodes'] !== true);
    await eventually('its node to come back', async () => (await inProcess.ask('/x-talk')).body['nodes'] === true);
  });

  it('is notified when the client stops waiting', { timeout: 150_000 }, async () => {
    const settings = [...moduleOf('calm'), 'plugins.calm.isolate=process'];
    await using gateway = await startPluginGateway(DOMAIN, ['calm'], settings);
    await eventually('the app', async () => (await gateway.apps()).includes('calm'));
    const timeout = AbortSignal.timeout(300);
    await assert.rejects(fetch(`${gateway.api}/apps/calm/data/slow`, { signal: timeout }));
    await eventually('the abort', async () => {
      const { body } = await gateway.ask('/apps/calm/x-calm', 'PUT', { level: 1 });
      return body['aborted'] === 1;
    });
  });

  it('ends with the gateway, also if that is killed while the plugin loops for ever', {
    timeout: 150_000,
  }, async () => {
    const settings = [
      ...moduleOf('calm'),
      ...moduleOf('loops'),
      'plugins.calm.isolate=process',
      'plugins.loops.isolate=process',
    ];
    const gateway = await startPluginGateway(DOMAIN, ['calm', 'loops'], settings);
    let children: readonly number[] = [];
    try {
      // A looping process is killed and restarted; on a busy machine that may happen before it has looped for long.
      await eventually('the loop', async () => {
        children = gateway.children();
        return children.length === 2 && children.some((pid) => alive(pid) && cpuSec(pid) > LOOPS_SEC);
      });
    } finally {
      await gateway.program.end('SIGKILL');
    }
    await eventually('their ends', async () => !children.some(alive), 5000);
  });
});
