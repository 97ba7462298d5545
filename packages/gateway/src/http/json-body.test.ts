import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { SovdError } from '@medkit/contract';
import { GATEWAY } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import type { FastifyRequest } from 'fastify';
import { jsonBodies } from './json-body.ts';
import { MAX_PARTS, partsOf } from './json-parts.ts';

const MIB = 1_048_576;
const LIMITS = { max_body_bytes: 4 * MIB, max_json_bytes: MIB };

function reader() {
  const clock = new SimulatedClock();
  const read = jsonBodies(clock, LIMITS);
  const start = (config: object = {}, headers: object = {}, ip = '127.0.0.1') => {
    const body = new PassThrough({ highWaterMark: 8 * MIB });
    const principal = { ...GATEWAY, kind: 'anonymous' };
    const value = read({ headers, principal, ip, routeOptions: { config } } as FastifyRequest, body);
    // Some reject before the test awaits them.
    value.catch(() => undefined);
    return { body, value };
  };
  return { clock, start };
}

const refusal = (code: string, status: number) => (error: unknown) =>
  error instanceof SovdError && error.code === code && error.status === status;

test('a body is read to its end in chunks of any size, and a missing body is an empty object', async () => {
  const { start } = reader();
  const whole = start();
  for (const octet of Buffer.from('{"name":"Überwachung"}')) whole.body.write(Buffer.of(octet));
  whole.body.end();
  assert.deepEqual(await whole.value, { name: 'Überwachung' });
  const empty = start();
  empty.body.end();
  assert.deepEqual(await empty.value, {});
});

test('a message of a robot may be larger than other bodies', async () => {
  const { start } = reader();
  const large = JSON.stringify({ data: 'x'.repeat(2 * MIB) });
  const message = start({ carriesMessage: true });
  message.body.end(large);
  assert.deepEqual(await message.value, JSON.parse(large));
  const other = start();
  other.body.end(large);
  await assert.rejects(other.value, refusal('payload-too-large', 413));
  const announced = start({}, { 'content-length': '2000000' });
  announced.body.end(large);
  await assert.rejects(announced.value, refusal('payload-too-large', 413));
});

test('a body that is too large is read to its end before it is refused, but for two seconds at most', async () => {
  const { clock, start } = reader();
  let refusals = 0;
  const large = start({}, { 'content-length': '2000000' });
  const endless = start({}, { 'content-length': '2000000' });
  for (const { value } of [large, endless]) value.catch(() => refusals++);
  large.body.write('x'.repeat(MIB));
  await new Promise(setImmediate);
  assert.equal(refusals, 0, 'the client is still sending');
  large.body.end();
  await assert.rejects(large.value, refusal('payload-too-large', 413));
  clock.advance(2000);
  await assert.rejects(endless.value, refusal('payload-too-large', 413));
});

test('a body that does not arrive in time is rejected', async () => {
  const { clock, start } = reader();
  const { body, value } = start();
  body.write('{"name":');
  clock.advance(30_000);
  await assert.rejects(value, refusal('invalid-request', 408));
});

test('an incomplete body is rejected', async () => {
  const { start } = reader();
  const { body, value } = start();
  body.write('{}');
  body.destroy();
  await assert.rejects(value, refusal('invalid-request', 400));
});

test('the bodies in memory are bounded for all clients together, until one is complete or given up', async () => {
  const { clock, start } = reader();
  const config = { carriesMessage: true };
  const part = Buffer.alloc(4 * MIB, ' ');
  const held = Array.from({ length: 16 }, () => start(config));
  for (const { body } of held) body.write(part);
  await new Promise(setImmediate);
  const refused = start(config);
  refused.body.write(' ');
  await assert.rejects(refused.value, refusal('service-unavailable', 503));
  held[0]?.body.end();
  await assert.rejects((held[0] as (typeof held)[0]).value, refusal('invalid-request', 400));
  const next = start(config);
  next.body.end('[1]');
  assert.deepEqual(await next.value, [1]);
  clock.advance(30_000);
  await Promise.all(held.slice(1).map(({ value }) => assert.rejects(value, refusal('invalid-request', 408))));
  const last = start(config);
  last.body.end(JSON.stringify('x'.repeat(MIB)));
  assert.equal(String(await last.value).length, MIB);
});

test('a body with too many lists, objects and members is refused before it is parsed', async () => {
  const { start } = reader();
  const config = { carriesMessage: true };
  for (const part of ['{}', '[]', '{"a":1}']) {
    const { body, value } = start(config);
    body.end(`[${part.concat(',').repeat(MAX_PARTS)}0]`);
    await assert.rejects(value, refusal('payload-too-large', 413), part);
  }
  const numbers = start(config);
  numbers.body.end(`[${'1,'.repeat(MAX_PARTS)}"${'{[:'.repeat(MAX_PARTS)}"]`);
  assert.equal(((await numbers.value) as unknown[]).length, MAX_PARTS + 1);
});

test('parts are counted outside of strings', () => {
  const parts = (text: string) => partsOf(Buffer.from(text));
  assert.equal(parts('{"a:[": ["\\"{", "\\\\", {}], "b": 1}'), 5);
  assert.equal(parts('"[{:'), 0);
  assert.equal(parts('[1, 2.5, true]'), 1);
});

test('a public route accepts no large body', async () => {
  const { start } = reader();
  const { body, value } = start({ permission: 'public', carriesMessage: true });
  body.end(JSON.stringify('x'.repeat(70_000)));
  await assert.rejects(value, refusal('payload-too-large', 413));
});

test('bodies of other addresses are read while one address sends as many as it can', async () => {
  const { start } = reader();
  const message = { carriesMessage: true };
  const flood = Array.from({ length: 17 }, () => start(message, {}, '10.0.0.66'));
  const most = Buffer.alloc(2 * MIB, ' ');
  for (const { body } of flood) body.write(most);
  const last = flood.at(-1)!;
  await assert.rejects(last.value, refusal('service-unavailable', 503));
  const other = start(message, {}, '10.0.0.7');
  other.body.write('{}');
  other.body.write(most);
  other.body.end();
  assert.deepEqual(await other.value, {});
});
