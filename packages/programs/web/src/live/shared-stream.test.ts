import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { GatewayRefused } from '@medkit/client';
import type { StreamSubscription } from './connect.ts';
import type { FromStream } from './messages.ts';
import { SharedStream } from './shared-stream.ts';

interface Try extends StreamSubscription {
  readonly end: (pauseMs: number) => void;
  readonly fail: (error: unknown) => void;
}

function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.mock.method(performance, 'now', () => Date.now());
  const tries: Try[] = [];
  const stream = new SharedStream((wish) => new Promise((end, fail) => void tries.push({ ...wish, end, fail })));
  const join = (values: readonly string[], { isBack = false } = {}) => {
    const messages: FromStream[] = [];
    const tab = { values, isVisible: true, send: (message: FromStream) => void messages.push(message) };
    stream.join(tab, { isBack });
    const count = (is: FromStream['is']) => messages.filter((message) => message.is === is).length;
    const state = () => messages.filter((message) => message.is === 'state').at(-1)?.state;
    return {
      tab,
      messages,
      count,
      state,
      show: (next: readonly string[]) => {
        tab.values = next;
        stream.change({ hasMore: true });
      },
    };
  };
  const pass = async (ms: number) => {
    t.mock.timers.tick(ms);
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return { stream, tries, join, pass, newest: () => tries.at(-1)! };
}

const VALUE = 'apps/a/data/x';
const refused = (status: number, parameters = {}) =>
  new GatewayRefused(
    { method: 'GET', url: '/' },
    status,
    { error_code: 'invalid-request', message: 'no', parameters } as never,
    '',
  );

it('opens another connection for another list before it leaves the first, and renews nothing', async (t) => {
  const { tries, join, pass, newest } = setUp(t);
  const one = join([VALUE]);
  await pass(0);
  newest().onOpen();
  assert.equal(one.count('opened'), 1);
  one.show([VALUE, 'apps/b/data/y']);
  await pass(120);
  assert.equal(tries.length, 2);
  assert.equal(tries[0]!.signal.aborted, false);
  tries[0]!.onEvent('fault', '{}');
  assert.equal(one.count('news'), 1, 'what happens in between is heard');
  newest().onOpen();
  assert.equal(tries[0]!.signal.aborted, true);
  assert.deepEqual([one.count('opened'), one.count('state')], [1, 2]);
});

it('reports a tree that has changed, but not each connection', async (t) => {
  const { join, pass, newest } = setUp(t);
  const one = join([VALUE]);
  await pass(0);
  newest().onOpen();
  newest().onEvent('tree', 'first');
  one.show(['apps/b/data/y']);
  await pass(120);
  newest().onOpen();
  newest().onEvent('tree', 'first');
  assert.equal(one.count('news'), 0);
  newest().onEvent('tree', 'second');
  assert.equal(one.count('news'), 1);
});

it('waits until scrolling has ended, but not for long', async (t) => {
  const { tries, join, pass, newest } = setUp(t);
  const one = join([VALUE]);
  await pass(0);
  newest().onOpen();
  for (let row = 0; row < 40; row++) {
    one.show([`apps/a/data/row${row}`]);
    await pass(50);
    newest().onOpen();
  }
  await pass(500);
  assert.ok(tries.length <= 6, `${tries.length} connections in 2 s`);
  assert.deepEqual(newest().watch, ['apps/a/data/row39']);
});

it('sends a new tab the current state, and notifies a tab that was away of missed events', async (t) => {
  const { join, pass, newest } = setUp(t);
  join([VALUE]);
  await pass(0);
  newest().onOpen();
  const later = join([VALUE]);
  assert.deepEqual([later.state()?.is, later.count('opened')], ['live', 0]);
  assert.equal(join([VALUE], { isBack: true }).count('opened'), 1);
});

it('is lost when it breaks, tries again, and reports that events may be missing', async (t) => {
  const { tries, join, pass, newest } = setUp(t);
  const one = join([VALUE]);
  await pass(0);
  newest().onOpen();
  newest().end(1_000);
  await pass(0);
  assert.equal(one.state()?.is, 'lost');
  await pass(1_000);
  newest().fail(new TypeError('nobody is there'));
  await pass(0);
  await pass(500);
  assert.equal(tries.length, 3);
  newest().onOpen();
  assert.deepEqual([one.state()?.is, one.count('opened')], ['live', 2]);
});

it('stays live when only the next connection cannot be opened', async (t) => {
  const { tries, join, pass, newest } = setUp(t);
  const one = join([VALUE]);
  await pass(0);
  newest().onOpen();
  one.show(['apps/b/data/y']);
  await pass(120);
  newest().fail(refused(503));
  await pass(0);
  assert.deepEqual([one.state()?.is, tries[0]!.signal.aborted], ['live', false]);
  await pass(500);
  assert.equal(tries.length, 3);
});

it('leaves out the value that the gateway rejects, and continues', async (t) => {
  const { tries, join, pass, newest } = setUp(t);
  const one = join([VALUE, 'apps/bad']);
  await pass(0);
  newest().fail(refused(400, { parameter: 'watch', value: 'apps/bad' }));
  await pass(0);
  assert.deepEqual(newest().watch, [VALUE]);
  assert.deepEqual(one.messages.filter(({ is }) => is === 'unfollowed').at(-1), {
    is: 'unfollowed',
    omitted: [],
    wrong: [['apps/bad', 'no']],
  });
  newest().onOpen();
  assert.equal(one.state()?.is, 'live');
  one.show(['apps/b/data/y']);
  await pass(120);
  assert.equal(tries.length, 3);
});

it('waits for a session when it is not admitted, or five minutes', async (t) => {
  const { stream, tries, join, pass, newest } = setUp(t);
  const one = join([VALUE]);
  await pass(0);
  newest().fail(refused(401));
  await pass(0);
  assert.equal(one.state()?.is, 'refused');
  one.show(['apps/b/data/y']);
  await pass(60_000);
  assert.equal(tries.length, 1);
  await pass(240_000);
  assert.equal(tries.length, 2);
  newest().fail(refused(403));
  await pass(0);
  stream.tryNow();
  assert.equal(tries.length, 3);
});

it('waits as long as a gateway with a rate limit demands', async (t) => {
  const { tries, join, pass, newest } = setUp(t);
  const one = join([VALUE]);
  await pass(0);
  newest().fail(refused(429, { retry_after: 12 }));
  await pass(0);
  const state = one.state();
  assert.deepEqual([state?.is, state?.is === 'lost' && state.retryMs], ['lost', 12_000]);
  await pass(11_000);
  assert.equal(tries.length, 1);
  await pass(1_000);
  assert.equal(tries.length, 2);
});

it('ends with the last tab', async (t) => {
  const { stream, tries, join, pass, newest } = setUp(t);
  const one = join([VALUE]);
  await pass(0);
  newest().onOpen();
  stream.leave(one.tab);
  assert.equal(newest().signal.aborted, true);
  await pass(60_000);
  assert.equal(tries.length, 1);
});
