import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { AlreadyClosed, MalformedMessage, ServiceUnavailable } from '../errors.ts';
import { memoryNodes } from '../testing/memory-node.ts';
import type { RosMessage } from '../types/message.ts';
import { MAX_PARAMETERS_PER_NODE, type ParameterEvent, type ParameterValue } from './parameter.ts';
import { openParameterClient } from './parameter-client.ts';
import { onParameterEvent } from './parameter-events.ts';
import { openParameterServer } from './parameter-server.ts';
import type { ParameterDeclaration } from './parameter-store.ts';

const OPTIONS = { timeoutMs: 1000 };

const VALUES: readonly (readonly [string, ParameterValue])[] = [
  ['a_bool', { type: 'bool', value: true }],
  ['a_bool_array', { type: 'bool_array', value: [true, false] }],
  ['a_byte_array', { type: 'byte_array', value: Uint8Array.of(0, 255) }],
  ['a_double', { type: 'double', value: 5 }],
  ['a_double_array', { type: 'double_array', value: [0.1, -0] }],
  ['a_string', { type: 'string', value: 'map' }],
  ['a_string_array', { type: 'string_array', value: ['', 'x'] }],
  ['an_int', { type: 'int', value: -(2n ** 63n) }],
  ['an_int_array', { type: 'int_array', value: [1n, 2n ** 62n] }],
];

async function play(
  declarations: readonly ParameterDeclaration[] = VALUES.map(([name, value]) => ({ name, value })),
  onSet?: () => string | undefined,
) {
  const nodes = memoryNodes();
  const clock = new SimulatedClock();
  const events: ParameterEvent[] = [];
  const subscription = await onParameterEvent(nodes.node('/tool'), (event) => void events.push(event));
  const server = await openParameterServer(nodes.node('/nav/driver'), {
    declarations,
    clock,
    ...(onSet && { onSet }),
  });
  return { nodes, events, subscription, server, client: openParameterClient(nodes.node('/tool'), '/nav/driver') };
}

/** A client of a node with the given answers, and the services that were called. */
function clientOf(answers: Readonly<Record<string, (request: RosMessage) => RosMessage>>) {
  const called: string[] = [];
  const nodes = memoryNodes();
  const node = nodes.node('/odd');
  for (const name of Object.keys(answers)) {
    void node.service(`/odd/${name}`, '', (request) => {
      called.push(name);
      return answers[name]!(request);
    });
  }
  return { called, client: openParameterClient(nodes.node('/tool'), '/odd') };
}

const namesOf = (request: RosMessage) => request['names'] as readonly string[];

describe('parameters of a node', () => {
  it('are read and written in every type', async () => {
    const { client } = await play();
    const names = VALUES.map(([name]) => name);
    assert.deepEqual((await client.list({}, OPTIONS)).names, names);
    assert.deepEqual(
      await client.get(names, OPTIONS),
      VALUES.map(([, value]) => value),
    );
    assert.deepEqual(
      await client.types(names, OPTIONS),
      VALUES.map(([, { type }]) => type),
    );
    const results = await client.set(
      VALUES.map(([name, value]) => ({ name, value })),
      OPTIONS,
    );
    assert.ok(results.every(({ successful }) => successful));
  });

  it('are listed by prefix and depth', async () => {
    const value: ParameterValue = { type: 'bool', value: true };
    const { client } = await play([
      { name: 'a.b.c', value },
      { name: 'a.b', value },
      { name: 'x', value },
    ]);
    assert.deepEqual(await client.list({ prefixes: ['a'], depth: 1 }, OPTIONS), { names: ['a.b'], prefixes: ['a'] });
  });

  it('are reported when they are declared, set and undeclared', async () => {
    const int = (value: bigint): ParameterValue => ({ type: 'int', value });
    const { client, server, events } = await play([{ name: 'a', value: int(1n), dynamicTyping: true }]);
    await server.declare({ name: 'b', value: int(2n) });
    await client.set([{ name: 'a', value: int(3n) }], OPTIONS);
    await server.set([{ name: 'a', value: { type: 'not_set' } }]);
    await client.set([{ name: 'a', value: int(4n) }], OPTIONS);
    const event = { node: '/nav/driver', added: [], changed: [], deleted: [] };
    assert.deepEqual(events, [
      { ...event, added: [{ name: 'a', value: int(1n) }] },
      { ...event, added: [{ name: 'b', value: int(2n) }] },
      { ...event, changed: [{ name: 'a', value: int(3n) }] },
      { ...event, deleted: ['a'] },
    ]);
  });

  it('are set one by one, each with its result, or all or none', async () => {
    const { client, server } = await play([
      { name: 'fixed', value: { type: 'bool', value: true }, readOnly: true },
      { name: 'free', value: { type: 'bool', value: true } },
    ]);
    const both = ['fixed', 'free'].map((name) => ({ name, value: { type: 'bool', value: false } as const }));
    assert.deepEqual(await client.setAtomically(both, OPTIONS), { successful: false, reason: 'fixed is read-only' });
    assert.deepEqual(server.get('free'), { type: 'bool', value: true });
    assert.deepEqual(await client.set(both, OPTIONS), [
      { successful: false, reason: 'fixed is read-only' },
      { successful: true, reason: '' },
    ]);
    assert.deepEqual(server.get('free'), { type: 'bool', value: false });
  });

  it('are refused with the reason of their node', async () => {
    const { client } = await play(undefined, () => 'not while driving');
    const parameter = { name: 'a_bool', value: { type: 'bool', value: false } } as const;
    assert.deepEqual(await client.set([parameter], OPTIONS), [{ successful: false, reason: 'not while driving' }]);
  });

  it('are read completely in three calls, also those without a value', async () => {
    const { client, server } = await play([
      { name: 'unset', type: 'double', description: 'Not yet known', floatRange: { from: 0, to: 1, step: 0 } },
      { name: 'set', value: { type: 'string', value: 'x' } },
    ]);
    const [set, unset] = await client.all(OPTIONS);
    assert.deepEqual([set?.name, set?.value], ['set', { type: 'string', value: 'x' }]);
    assert.deepEqual([unset?.name, unset?.value], ['unset', { type: 'not_set' }]);
    assert.deepEqual(unset?.descriptor.floatRange, { from: 0, to: 1, step: 0 });
    assert.equal(server.get('unset'), undefined);
  });

  it('leave nothing open', async () => {
    const { client, server, nodes } = await play();
    await client.all(OPTIONS);
    await Promise.all([client.close(), server.close()]);
    assert.equal(nodes.open, 0);
    assert.equal(nodes.services.size, 0);
    await assert.rejects(client.list({}, OPTIONS), AlreadyClosed);
  });
});

describe('a client of parameters', () => {
  it('opens a service when it is first called, once', async () => {
    const { nodes, client, server } = await play();
    await server.close();
    const before = nodes.open;
    await assert.rejects(client.list({}, OPTIONS), ServiceUnavailable);
    await assert.rejects(client.list({}, OPTIONS), ServiceUnavailable);
    assert.equal(nodes.open, before + 1);
  });

  it('concludes from a missing answer that the node does not know one of the names', async () => {
    const { client } = await play();
    for (const ask of [client.get, client.types, client.describe]) {
      assert.equal(await ask(['a_bool', 'nobody'], OPTIONS), undefined);
      assert.deepEqual(await ask([], OPTIONS), []);
    }
    assert.deepEqual(
      (await client.read(['a_bool', 'nobody', 'a_string'], OPTIONS)).map(({ name }) => name),
      ['a_bool', 'a_string'],
    );
  });

  it('refuses answers that do not match the request', async () => {
    const { client } = clientOf({
      get_parameters: () => ({ values: [{ type: 1 }, { type: 1 }] }),
      get_parameter_types: () => ({ types: [77] }),
      describe_parameters: () => ({ descriptors: [{ name: 'a', type: 10 }] }),
      set_parameters: () => ({ results: [] }),
      list_parameters: () => ({ result: { names: Array.from({ length: MAX_PARAMETERS_PER_NODE + 1 }, String) } }),
    });
    const parameter = { name: 'a', value: { type: 'bool', value: true } } as const;
    await assert.rejects(client.get(['a'], OPTIONS), {
      name: 'MalformedMessage',
      message: /2 values, but 1 were requested/,
    });
    await assert.rejects(client.types(['a'], OPTIONS), MalformedMessage);
    await assert.rejects(client.describe(['a'], OPTIONS), MalformedMessage);
    await assert.rejects(client.set([parameter], OPTIONS), { message: /\/odd answered with 0 results, but 1/ });
    await assert.rejects(client.list({}, OPTIONS), { message: /lists 10001 parameters/ });
  });

  it('asks an unresponsive node a bounded number of times', async () => {
    const names = Array.from({ length: 5000 }, (_, at) => `p${at}`);
    const { client, called } = clientOf({
      list_parameters: () => ({ result: { names } }),
      get_parameters: () => ({ values: [] }),
      describe_parameters: (request) => ({ descriptors: namesOf(request).map((name) => ({ name, type: 1 })) }),
    });
    const all = await client.all(OPTIONS);
    assert.equal(all.length, 5000);
    assert.ok(called.length < 300, `${called.length}`);
  });
});
