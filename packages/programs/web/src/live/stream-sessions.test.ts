import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import type { Session, StreamSubscription } from './connect.ts';
import { type FromStream, SILENT_MS, type ToStream } from './messages.ts';
import { StreamSessions, type TabPort } from './stream-sessions.ts';

function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.mock.method(performance, 'now', () => Date.now());
  const opened: (StreamSubscription & Session)[] = [];
  const sessions = new StreamSessions(
    (session) => (wish) => new Promise(() => void opened.push({ ...session, ...wish })),
  );
  const tab = () => {
    const messages: FromStream[] = [];
    const port: TabPort = { onmessage: null, postMessage: (message: FromStream) => void messages.push(message) };
    sessions.attend(port);
    const say = (data: ToStream) => (port.onmessage as unknown as (event: { data: ToStream }) => void)({ data });
    const enter = (token: string) => {
      say({ is: 'session', token, clientName: 'web' });
      say({ is: 'watch', values: [`apps/${token}/data/x`], isVisible: true });
    };
    return {
      messages,
      say,
      enter,
      count: (is: FromStream['is']) => messages.filter((message) => message.is === is).length,
    };
  };
  return { opened, tab, pass: (ms: number) => t.mock.timers.tick(ms) };
}

it('has a stream for each token, and sends each tab only events of its stream', (t) => {
  const { opened, tab, pass } = setUp(t);
  const [one, other, third] = [tab(), tab(), tab()];
  one.enter('secret');
  other.enter('');
  third.enter('secret');
  pass(0);
  const watchOf = (name: string) => opened.find(({ token }) => token === name)?.watch;
  assert.deepEqual([watchOf('secret'), watchOf('')], [['apps/secret/data/x'], ['apps//data/x']]);
  assert.equal(opened.length, 2);
  const secret = opened.find(({ token }) => token === 'secret')!;
  secret.onOpen();
  secret.onEvent('values', '{}');
  assert.deepEqual(
    [one, other, third].map(({ count }) => count('values')),
    [1, 0, 1],
  );
});

it('ends the stream of a token when its last tab uses another one, or is closed', (t) => {
  const { opened, tab, pass } = setUp(t);
  const one = tab();
  one.enter('old');
  pass(0);
  opened[0]!.onOpen();
  one.enter('new');
  pass(0);
  assert.deepEqual(
    opened.map(({ signal }) => signal.aborted),
    [true, false],
  );
  one.say({ is: 'gone' });
  assert.equal(opened[1]!.signal.aborted, true);
  one.say({ is: 'watch', values: [], isVisible: false });
  pass(1_000);
  assert.equal(opened.length, 2, 'a sign of life that was under way brings nobody back');
});

it('asks a tab that was silent for long to identify itself again', (t) => {
  const { opened, tab, pass } = setUp(t);
  const [silent, other] = [tab(), tab()];
  silent.enter('a');
  other.enter('b');
  pass(0);
  pass(SILENT_MS + 1);
  other.enter('b');
  assert.equal(opened[0]!.signal.aborted, true);
  silent.say({ is: 'watch', values: [], isVisible: true });
  assert.equal(silent.count('who'), 1);
});
