import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpReply } from '@medkit/edges';
import { MemoryFiles, SimulatedClock, SimulatedHttp } from '@medkit/edges/testing';
import { publishedKeys } from './published-keys.ts';

const ISSUER = 'https://login.example.com/realms/robots';
const FILE = '/data/identity-provider.json';
const DAY_MS = 86_400_000;
const KEY = { kty: 'OKP', crv: 'Ed25519', kid: 'one', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
const OTHER_KEY = { ...KEY, kid: 'two' };

type Replies = Readonly<Record<string, unknown>>;

function stageOf({ files = new MemoryFiles(), clock = new SimulatedClock({ epochMs: Date.UTC(2026, 10, 24) }) } = {}) {
  const http = new SimulatedHttp();
  const lines: string[] = [];
  const replies: Record<string, unknown> = {
    [`${ISSUER}/.well-known/openid-configuration`]: { issuer: ISSUER, jwks_uri: 'https://keys.example.com/jwks' },
    'https://keys.example.com/jwks': { keys: [KEY] },
  };
  let isAway = false;
  http.answer = ({ url }): Partial<HttpReply> => {
    if (isAway) throw new Error('connect ECONNREFUSED');
    const reply = replies[url];
    return reply === undefined ? { status: 404 } : { body: typeof reply === 'string' ? reply : JSON.stringify(reply) };
  };
  const keys = publishedKeys({
    ...{ issuer: ISSUER, file: FILE, files, http, clock, offlineMaxMs: 7 * DAY_MS },
    log: (_level, message) => lines.push(message),
  });
  const ids = async (from: 'current' | 'newer' = 'current') => (await keys[from]())?.keys.map(({ kid }) => kid);
  return {
    ...{ keys, files, clock, http, lines, ids },
    set: (changes: Replies) => void Object.assign(replies, changes),
    away: (now: boolean) => {
      isAway = now;
    },
  };
}

/** Lets pending renewals finish. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('keys are fetched with the first token, and renewed in the background after ten minutes', async () => {
  const { ids, clock, http, set } = stageOf();
  assert.deepEqual([await ids(), http.requests.length], [['one'], 2]);
  clock.advance(600_000);
  assert.deepEqual([await ids(), http.requests.length], [['one'], 2]);
  set({ 'https://keys.example.com/jwks': { keys: [OTHER_KEY] } });
  clock.advance(1);
  assert.deepEqual(await ids(), ['one']);
  await settled();
  assert.deepEqual([await ids(), http.requests.length], [['two'], 4]);
});

test('any number of unknown keys causes one request each 30 seconds', async () => {
  const { ids, clock, http, set } = stageOf();
  await ids();
  set({ 'https://keys.example.com/jwks': { keys: [KEY, OTHER_KEY] } });
  for (let count = 0; count < 1000; count += 1) assert.deepEqual(await ids('newer'), ['one']);
  assert.equal(http.requests.length, 2);
  clock.advance(30_000);
  const storm = await Promise.all(Array.from({ length: 1000 }, () => ids('newer')));
  assert.ok(storm.every((found) => found?.length === 2));
  assert.equal(http.requests.length, 4);
});

test('a restart without a network uses the stored keys, up to their maximum age', async () => {
  const first = stageOf();
  await first.ids();
  assert.equal(first.files.modes.get(FILE) ?? 0o600, 0o600);
  const { files, clock } = first;
  const second = stageOf({ files, clock });
  second.away(true);
  clock.advance(7 * DAY_MS);
  assert.deepEqual(await second.ids(), ['one']);
  await settled();
  clock.advance(1);
  assert.equal(await second.ids(), undefined);
  assert.match(second.lines[0] ?? '', /keys of the identity provider https:.*ECONNREFUSED/);
  second.away(false);
  clock.advance(30_000);
  assert.deepEqual(await second.ids(), ['one']);
});

test('the age of keys does not depend on steps of the clock', async () => {
  const { ids, clock, away } = stageOf();
  await ids();
  away(true);
  clock.stepWall(30 * DAY_MS);
  assert.deepEqual(await ids(), ['one']);
});

test('stored keys that are damaged or of another issuer are fetched again', async () => {
  const document = { issuer: `${ISSUER}2`, jwks_uri: 'https://keys.example.com/jwks' };
  const stored = { document, keys: { keys: [OTHER_KEY] }, fetchedMs: Date.UTC(2026, 10, 23) };
  for (const text of ['', '{', 'null', '[]', JSON.stringify(stored)]) {
    const { ids } = stageOf({ files: new MemoryFiles({ [FILE]: text }) });
    assert.deepEqual(await ids(), ['one'], text);
  }
});

test('keys that cannot be stored are still used, and the reason is logged', async () => {
  const files = new MemoryFiles();
  files.failure = new Error('no space left on device');
  const { ids, lines } = stageOf({ files });
  assert.deepEqual(await ids(), ['one']);
  assert.match(lines[0] ?? '', /cannot be stored: no space left/);
});

test('an invalid configuration or key set is refused with the reason', async () => {
  const discovery = `${ISSUER}/.well-known/openid-configuration`;
  const keys = 'https://keys.example.com/jwks';
  const cases: readonly (readonly [Replies, RegExp])[] = [
    [{ [discovery]: undefined }, /status 404/],
    [{ [discovery]: '<html>' }, /did not reply with JSON/],
    [{ [discovery]: 'null' }, /issuer undefined/],
    [{ [discovery]: { issuer: `${ISSUER}/`, jwks_uri: keys } }, /issuer "https:.*robots\/", but auth.oidc.issuer/],
    [{ [discovery]: { issuer: ISSUER } }, /no jwks_uri with https:/],
    [{ [discovery]: { issuer: ISSUER, jwks_uri: 'http://keys.example.com/jwks' } }, /no jwks_uri with https:/],
    [{ [discovery]: { issuer: ISSUER, jwks_uri: 'file:///etc/passwd' } }, /no jwks_uri with https:/],
    [{ [keys]: { keys: [] } }, /publishes no keys/],
    [{ [keys]: { keys: 'x' } }, /publishes no keys/],
    [{ [keys]: { keys: [null, { kty: 'oct', k: 'AA' }, { ...KEY, use: 'enc' }] } }, /publishes no keys/],
  ];
  for (const [changes, reason] of cases) {
    const { ids, set, lines } = stageOf();
    set(changes);
    assert.equal(await ids(), undefined);
    assert.match(lines[0] ?? '', reason);
  }
});

test('at most a hundred keys are read', async () => {
  const { ids, set } = stageOf();
  const many = Array.from({ length: 5000 }, (_, index) => ({ ...KEY, kid: String(index) }));
  set({ 'https://keys.example.com/jwks': { keys: many } });
  assert.equal((await ids())?.length, 100);
});
