import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import type { HttpStreamReply } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import type { PeerAddress } from './peer-link.ts';
import { peerRuntime } from './peer-runtime.ts';
import type { DirectGateways, InstanceMemory, KnownInstance } from './tree/direct-gateways.ts';

/** Runs a peer with answers to `/x-medkit-tree` and to its events, and records requests. */
async function peerOf(answers: {
  tree(): Partial<HttpStreamReply>;
  events(): AsyncIterable<Uint8Array>;
  close?(): void;
  readonly peer?: PeerAddress;
  readonly direct?: DirectGateways;
  readonly instances?: InstanceMemory;
}) {
  const clock = new SimulatedClock();
  let reads = 0;
  const runtime = peerRuntime({
    peer: answers.peer ?? { name: 'yard', url: 'http://yard:1' },
    gateway: 'head',
    direct: answers.direct ?? new Map(),
    instances: answers.instances,
    names: { addressesOf: async () => ['10.0.0.7'] },
    clock,
    random: { float: () => 0 },
    timeoutMs: 2000,
    forwardsAuthorization: false,
    http: {
      async open({ url, signal }) {
        signal?.throwIfAborted();
        signal?.addEventListener('abort', () => answers.close?.());
        const events = { status: 200, headers: {}, body: answers.events(), close: () => answers.close?.() };
        if (url.endsWith('/events')) return events;
        reads++;
        return { ...events, ...answers.tree() };
      },
    },
  });
  await runtime.start({ log: () => undefined, changed: () => undefined } as never);
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 300; turn++) await soon();
  };
  await settle();
  return { clock, runtime, settle, reads: () => reads };
}

async function* part(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

describe('another gateway as a runtime', () => {
  it('is read again no faster than a bound, even if it reports changes all the time', async () => {
    let tag = 0;
    const { clock, runtime, settle, reads } = await peerOf({
      tree: () => ({ headers: { etag: '"lie"' }, body: part('{"gateway":{"instance":"y"},"items":[]}') }),
      async *events() {
        for (;;) {
          await soon();
          yield Buffer.from(`event: tree\ndata: {"etag":"${tag++}"}\n\n`);
        }
      },
    });
    assert.equal(reads(), 2);
    clock.advance(20);
    await settle();
    assert.equal(reads(), 3);
    await runtime.stop();
  });

  it('is the gateway that it claims to be if a token proves it, whichever peer claimed that earlier', async () => {
    const direct: DirectGateways = new Map();
    const tree = () => ({ body: part('{"gateway":{"instance":"y"},"items":[]}') });
    const peerAt = (name: string, token?: string) =>
      peerOf({
        tree,
        events: () => part(''),
        direct,
        peer: { name, url: `http://${name}:1`, ...(token && { token }) },
      });
    const impostor = await peerAt('impostor');
    assert.equal(impostor.runtime.peerState().problem, undefined);
    const yard = await peerAt('yard', 'a-token-of-it');
    const second = await peerAt('second', 'another-token');
    const problems = [impostor, yard, second].map(({ runtime }) => runtime.peerState().problem ?? '');
    assert.match(problems[0] ?? '', /is the same gateway as yard/);
    assert.equal(problems[1], '');
    assert.match(problems[2] ?? '', /is the same gateway as yard/);
    for (const { runtime } of [impostor, yard, second]) await runtime.stop();
  });

  it('stays the gateway that was known before a restart, even if another peer claims its instance first', async () => {
    for (const token of [undefined, 'a-token-of-it']) {
      const direct: DirectGateways = new Map();
      const instances: InstanceMemory = {
        find: (instance) => (instance === 'y' ? { name: 'yard', instance, isKeyed: token !== undefined } : undefined),
        remember: () => undefined,
        close: async () => undefined,
      };
      const peerAt = (name: string, key?: string) =>
        peerOf({
          tree: () => ({ body: part('{"gateway":{"instance":"y"},"items":[]}') }),
          events: () => part(''),
          direct,
          instances,
          peer: { name, url: `http://${name}:1`, ...(key && { token: key }) },
        });
      const impostor = await peerAt('impostor');
      assert.equal(direct.get('y'), undefined);
      assert.match(impostor.runtime.peerState().problem ?? '', /is the same gateway as yard/);
      const yard = await peerAt('yard', token);
      assert.equal(yard.runtime.peerState().problem, undefined);
      assert.equal(direct.get('y')?.name, 'yard');
      const { warnings } = await impostor.runtime.health();
      assert.deepEqual(
        warnings.map(({ code, peerNames }) => [code, peerNames]),
        [['peer_unavailable', ['impostor']]],
      );
      for (const { runtime } of [impostor, yard]) await runtime.stop();
    }
  });

  it('does not hide a gateway that a peer with a key shows by saying that it is that gateway', async () => {
    const stored = new Map<string, KnownInstance>();
    const instances: InstanceMemory = {
      find: (instance) => stored.get(instance),
      remember: (known) => void stored.set(known.instance, known),
      close: async () => undefined,
    };
    const robot = '{"id":"arm","type":"component","name":"arm","gateways":["robot-run"]}';
    const tree = (instance: string, items: string) => ({
      body: part(`{"gateway":{"instance":"${instance}"},"items":[${items}]}`),
    });
    for (const direct of [new Map(), new Map()] as const satisfies readonly DirectGateways[]) {
      const isRestarted = stored.size > 0;
      const hall = () =>
        peerOf({
          tree: () => tree('hall-run', robot),
          events: () => part(''),
          ...{ direct, instances, peer: { name: 'hall', url: 'http://hall:1', token: 'a-token-of-it' } },
        });
      const claiming = (name: string, token?: string) =>
        peerOf({
          tree: () => tree('robot-run', ''),
          events: () => part(''),
          ...{ direct, instances, peer: { name, url: `http://${name}:1`, ...(token && { token }) } },
        });
      const first = isRestarted ? undefined : await hall();
      const hostile = await claiming('hostile');
      const shower = first ?? (await hall());
      assert.match(
        hostile.runtime.peerState().problem ?? '',
        /claims to be a gateway that hall shows.*peer_token_files/,
      );
      assert.equal(shower.runtime.peerState().entities, 1, 'the robot is shown by way of the hall');
      const proven = isRestarted && (await claiming('robot', 'a-token-of-the-robot'));
      if (proven) assert.equal(proven.runtime.peerState().problem, undefined);
      for (const each of [hostile, shower, proven]) if (each) await each.runtime.stop();
    }
  });

  it('has no tree if its first answer is not modified', async () => {
    const { runtime } = await peerOf({ tree: () => ({ status: 304, body: part('') }), events: () => part('') });
    assert.match(runtime.peerState().problem ?? '', /with status 304/);
    await runtime.stop();
  });

  for (const { what, looks } of [
    { what: 'its stream has been silent for long', looks: [60_000, 15_000, 250] },
    { what: 'it has answered no request for ten seconds', looks: [5000, 5000, 250] },
  ]) {
    it(`is offline if ${what}, even if no connection broke`, async () => {
      let isGone = false;
      let end = (_error: Error): void => undefined;
      const { clock, runtime, settle } = await peerOf({
        tree: () => {
          if (isGone) throw new Error('no reply');
          return { headers: { etag: '"1"' }, body: part('{"gateway":{"instance":"y"},"items":[]}') };
        },
        async *events() {
          yield Buffer.from(':connected\n\n');
          await new Promise((_, reject) => {
            end = reject;
          });
        },
        close: () => end(new Error('closed')),
      });
      assert.equal(runtime.peerState().status, 'online');
      await runtime.measured();
      isGone = true;
      const isMeasured = looks[0] === 5000;
      if (isMeasured) await runtime.measured();
      for (const ms of looks) {
        assert.equal(runtime.peerState().status, 'online');
        clock.advance(ms);
        if (isMeasured) await runtime.measured();
        await settle();
      }
      assert.equal(runtime.peerState().status, 'offline');
      await runtime.stop();
    });
  }
});
