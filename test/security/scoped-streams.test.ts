import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ALL_ROUTES, type Route } from '@medkit/contract';
import type { FaultEvent } from '@medkit/core';
import { fault, faultEvent } from '@medkit/core/testing';
import { scopeRuleOf } from '../../packages/gateway/src/scopes/scoped-routes.ts';
import { PASSWORD } from './account-gateway.ts';
import { keyOf, SCOPE, SECRET, scopedRobot } from './scoped-robot.ts';

const PATIENCE_MS = 5000;

let gateway: Awaited<ReturnType<typeof scopedRobot>>;
let url: string;
let scoped: Readonly<Record<string, string>>;
let admin: Readonly<Record<string, string>>;
const leaving = new AbortController();

before(async () => {
  gateway = await scopedRobot(true);
  url = await gateway.listen();
  [admin, scoped] = [await keyOf(gateway), await keyOf(gateway, [SCOPE])];
});
after(async () => {
  leaving.abort();
  await gateway.close();
});

async function until(what: string, condition: () => boolean): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!condition()) {
    assert.ok(performance.now() < endMs, `waited in vain until ${what}`);
    await gateway.clock.advanceAsync(10);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const isStream = ({ responses }: Route): boolean => responses[200]?.media === 'text/event-stream';

interface Received {
  readonly id: string | undefined;
  readonly event: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: events may have any shape.
  readonly data: any;
}

/** Opens a stream; its text and its events grow as they arrive. */
async function follow(path: string, headers = scoped) {
  const leave = new AbortController();
  const signal = AbortSignal.any([leave.signal, leaving.signal]);
  const reply = await fetch(`${url}/api/v1${path}`, { headers, signal });
  assert.equal(reply.status, 200, reply.ok ? path : await reply.text());
  const stream = { text: '', events: [] as Received[], leave: () => leave.abort() };
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const part of reply.body ?? []) {
      const text = decoder.decode(part, { stream: true });
      stream.text += text;
      const frames = (rest + text).split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames.filter((each) => each.includes('data: '))) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1];
        stream.events.push({ id: field('id'), event: field('event'), data: JSON.parse(field('data')!) });
      }
    }
  };
  read().catch(() => undefined);
  return stream;
}

let lastId = 0;
function announce(code: string, source: string, more: Partial<FaultEvent> = {}): void {
  lastId += 1;
  gateway.announce(faultEvent(lastId, { fault: fault(code, { sources: [source] }), ...more }));
}
const codesOf = ({ events }: { readonly events: readonly Received[] }): readonly string[] =>
  events.map(({ data }) => data.fault.fault_code);

describe('the fault stream of an account with scopes', () => {
  it('has the events of its entities alone, with ids that do not count the others', async () => {
    const stream = await follow('/faults/stream');
    for (const [code, source] of [
      ['ONE', '/arm_driver'],
      ['ZZH_1', '/zzh_app'],
      ['ZZH_2', '/zzh_gone'],
      ['TWO', '/arm_driver'],
    ] as const) {
      announce(code, source);
    }
    await until('both arrive', () => stream.events.length === 2);
    assert.deepEqual(codesOf(stream), ['ONE', 'TWO']);
    assert.doesNotMatch(stream.text, SECRET);
    for (const { id } of stream.events) assert.match(id!, /^[\w-]{22}$/);
    stream.leave();
  });

  it('continues after the last event, loses nothing and repeats nothing', async () => {
    const first = await follow('/faults/stream');
    await until('the past arrives', () => first.events.length === 2);
    const { id } = first.events[0]!;
    first.leave();
    announce('ZZH_3', '/zzh_app');
    announce('THREE', '/arm_driver');
    const resumed = await follow('/faults/stream', { ...scoped, 'last-event-id': id! });
    await until('the missed ones arrive', () => resumed.events.length === 2);
    announce('FOUR', '/arm_driver');
    await until('the new one arrives', () => resumed.events.length === 3);
    assert.deepEqual(codesOf(resumed), ['TWO', 'THREE', 'FOUR']);
    resumed.leave();
  });

  it('reads past events among many of other entities', async () => {
    for (let at = 0; at < 150; at += 1) announce(`ZZH_${at}`, '/zzh_app');
    const stream = await follow('/faults/stream');
    await until('the past arrives', () => stream.events.length === 4);
    assert.deepEqual(codesOf(stream), ['ONE', 'TWO', 'THREE', 'FOUR']);
    stream.leave();
  });

  it('counts no lost events: those of other entities would be among them', async () => {
    const stream = await follow('/faults/stream', { ...scoped, 'last-event-id': '1' });
    await until('the past arrives', () => stream.events.length === 4);
    assert.doesNotMatch(stream.text, /no longer stored/);
    stream.leave();
  });

  it('reports symptoms that were cleared with a root cause, also with an invisible one', async () => {
    const stream = await follow('/faults/stream?types=fault_cleared');
    const cleared = { type: 'fault_cleared', autoClearedCodes: ['MOTOR', 'ZZH_FAULT'] } as const;
    announce('ZZH_ROOT', '/zzh_app', cleared);
    await until('the symptom arrives', () => stream.events.length === 1);
    assert.deepEqual(codesOf(stream), ['MOTOR']);
    assert.equal(stream.events[0]!.event, 'fault_cleared');
    assert.doesNotMatch(stream.text, SECRET);
    stream.leave();
  });

  it('needs the collection faults in a scope', async () => {
    const key = await keyOf(gateway, [{ entities: ['apps/arm_driver'], collections: ['data'] }]);
    const [none, all] = [await follow('/faults/stream', key), await follow('/faults/stream')];
    await until('the past arrives', () => all.events.length > 3);
    assert.equal(none.events.length, 0);
    none.leave();
    all.leave();
  });

  it('is refused on behalf of another gateway, which expects positions of all gateways', async () => {
    const reply = await fetch(`${url}/api/v1/faults/stream`, { headers: { ...scoped, 'x-medkit-via': 'head' } });
    assert.equal(reply.status, 403);
    await reply.body?.cancel();
  });

  it('ends with its scopes, and with a changed tree loses the events of the entity', async () => {
    await gateway.accounts.users.add({
      name: 'fay',
      role: 'operator',
      password: PASSWORD,
      scopes: [{ entities: ['tag:team=a'] }],
    });
    const { text } = await gateway.accounts.keys.add({ name: 'fay', role: 'operator', owner: 'user:fay' });
    const tagged = (tags: readonly string[]) => gateway.changeApp('arm_driver', { tags });
    await tagged(['team=a']);
    const stream = await follow('/faults/stream', { authorization: `Bearer ${text}` });
    announce('FIVE', '/arm_driver');
    await until('it arrives', () => codesOf(stream).includes('FIVE'));
    await tagged(['team=b']);
    announce('SIX', '/arm_driver');
    await new Promise((resolve) => setImmediate(resolve));
    await tagged(['team=a']);
    announce('SEVEN', '/arm_driver');
    await until('the last arrives', () => codesOf(stream).includes('SEVEN'));
    assert.equal(codesOf(stream).includes('SIX'), false);
    await gateway.accounts.users.change('fay', { scopes: [{ entities: ['apps/zzh_app'] }] });
    await until('it ends', () => stream.text.includes('scope-changed'));
  });
});

describe('the history of a fault, for an account with scopes', () => {
  const get = (path: string) => gateway.ask('GET', path, { headers: scoped });

  it('is that of a fault of its entities alone', async () => {
    assert.equal((await get('/apps/arm_driver/faults/MOTOR/x-medkit-history')).status, 200);
    const shared = await get('/apps/arm_driver/faults/SHARED/x-medkit-history');
    assert.deepEqual([shared.status, SECRET.test(shared.text)], [403, false]);
    assert.match(shared.body.message, /reporters outside of the scopes/);
    assert.equal((await get('/apps/arm_driver/faults/ZZH_FAULT/x-medkit-history')).status, 404);
  });
});

describe('the tree stream of an account with scopes', () => {
  it('reports changes of its entities alone, with the ETag of their tree', async () => {
    await gateway.changeApp('arm_driver', {});
    const stream = await follow('/x-medkit-tree/events');
    await until('the first arrives', () => stream.events.length === 1);
    const { etag } = stream.events[0]!.data;
    assert.equal((await gateway.ask('GET', '/x-medkit-tree', { headers: scoped })).headers['etag'], etag);
    await gateway.changeApp('zzh_app', { name: 'zzh renamed' });
    assert.equal(gateway.model.tree.get('app', 'zzh_app')?.name, 'zzh renamed');
    await gateway.changeApp('arm_driver', { name: 'renamed' });
    await until('the second arrives', () => stream.events.length === 2);
    assert.notEqual(stream.events[1]!.data.etag, etag);
    stream.leave();
  });
});

describe('the live stream of an account with scopes', () => {
  const live = (watch: string, more = '', headers = scoped) =>
    follow(`/x-medkit-live?watch=${encodeURIComponent(watch)}&interval=50${more}`, headers);
  const valueAt = ({ events }: Awaited<ReturnType<typeof live>>, place: number) =>
    events.flatMap(({ event, data }) => (event === 'values' ? [data.values[String(place)] ?? []].flat() : [])).at(-1);

  it('has the values of its entities, and for others what it has for missing ones', async () => {
    const watch = ['arm_driver/data/pose', 'zzh_app/data/zzh', 'nob_app/data/nob', 'arm-alias/data/zzh'];
    const stream = await live(watch.map((each) => `apps/${each}`).join(), '&events=none');
    await until('all have a value', () => watch.every((_, at) => valueAt(stream, at) !== undefined));
    assert.deepEqual(valueAt(stream, 0).value, { n: 1 });
    assert.deepEqual(valueAt(stream, 1), valueAt(stream, 2));
    assert.equal(valueAt(stream, 3).error.error_code, 'entity-not-found');
    assert.doesNotMatch(stream.text, /"zzh"/i);
    stream.leave();
  });

  it('has no value of an entity that contains others out of scope, or without the collection', async () => {
    const stream = await live('functions/pick/data/pose,functions/grip/data/pose', '&events=none');
    await until('both have a value', () => [0, 1].every((at) => valueAt(stream, at) !== undefined));
    assert.equal(valueAt(stream, 0).error.error_code, 'insufficient-access-rights');
    stream.leave();
    const key = await keyOf(gateway, [{ entities: ['apps/arm_driver'], collections: ['faults'] }]);
    const other = await live('apps/arm_driver/data/pose', '&events=none', key);
    await until('it has an error', () => valueAt(other, 0) !== undefined);
    assert.deepEqual(Object.keys(valueAt(other, 0)), ['error']);
    other.leave();
  });

  it('has the faults and locks of its entities', async () => {
    const stream = await live('', '&events=fault,lock');
    announce('ZZH_4', '/zzh_app');
    announce('EIGHT', '/arm_driver');
    for (const path of ['/apps/zzh_app', '/components/gripper']) {
      const { status, text } = await gateway.ask('POST', `${path}/locks`, {
        headers: { ...admin, 'x-client-id': 'client' },
        body: { lock_expiration: 60, scopes: ['modes'] },
      });
      assert.equal(status, 201, text);
    }
    await until('both arrive', () => stream.events.length === 2);
    assert.deepEqual(
      stream.events.map(({ event, data }) => [event, data.fault?.fault_code ?? data.entity.id]),
      [
        ['fault', 'EIGHT'],
        ['lock', 'gripper'],
      ],
    );
    assert.doesNotMatch(stream.text, SECRET);
    stream.leave();
  });

  it('ends a value as soon as its entity leaves the scopes', async () => {
    const tag = (tags: readonly string[]) => gateway.changeApp('arm_driver', { tags });
    await tag(['team=c']);
    const stream = await live('apps/arm_driver/data/pose', '', await keyOf(gateway, [{ entities: ['tag:team=c'] }]));
    await until('it has a value', () => valueAt(stream, 0)?.value !== undefined);
    await tag(['team=d']);
    const values = stream.events.length;
    gateway.runtime.publish('/arm_driver', '/pose', { n: 2 });
    await until('it has an error', () => valueAt(stream, 0)?.error !== undefined);
    assert.doesNotMatch(JSON.stringify(stream.events.slice(values)), /"n":2/);
    assert.deepEqual(Object.keys(valueAt(stream, 0)), ['error']);
    stream.leave();
  });
});

describe('every stream of the contract that is about no single entity', () => {
  it('sends an account with scopes nothing of what happens to entities out of scope', async () => {
    const routes = ALL_ROUTES.filter((route) => isStream(route) && !route.path.includes('{'));
    const open = routes.filter((route) => scopeRuleOf(route) !== 'refused');
    assert.deepEqual(
      open.map(({ path }) => path),
      ['/x-medkit-tree/events', '/x-medkit-live', '/faults/stream'],
    );
    await gateway.changeApp('arm_driver', {});
    const streams = await Promise.all(open.map(({ path }) => follow(path)));
    await gateway.clock.advanceAsync(1000, 100);
    const before = streams.map(({ events }) => events.length);
    announce('ZZH_5', '/zzh_app');
    announce('ZZH_6', '/zzh_app', { type: 'fault_cleared', autoClearedCodes: ['ZZH_FAULT'] });
    await gateway.changeApp('zzh_app', { name: 'zzh renamed again', tags: ['zzh'] });
    gateway.runtime.publish('/zzh_app', '/zzh', { zzh: 2 });
    // The node of the peer has the name of a visible one.
    const far = faultEvent(1, { fault: fault('ZZH_FAR', { sources: ['/arm_driver'] }) });
    gateway.model.events.emit('fault.event', { runtime: 'zzh_peer', origin: 'zzh_peer', event: far });
    const locked = await gateway.ask('POST', '/components/zzh-tool/locks', {
      headers: { ...admin, 'x-client-id': 'zzh' },
      body: { lock_expiration: 60, scopes: ['modes'] },
    });
    assert.equal(locked.status, 201, locked.text);
    await gateway.clock.advanceAsync(3000, 100);
    for (const [at, { text, events }] of streams.entries()) {
      const newer = events.slice(before[at]);
      assert.deepEqual([newer, SECRET.test(text)], [[], false], open[at]!.path);
    }
    for (const { leave } of streams) leave();
  });
});
