import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { Route } from './receiver/receiver.ts';
import { IncidentStage } from './testing/incident-stage.ts';
import { healedOf, incidentOf, NIGHT_MS, receiverOf } from './testing/incidents.ts';
import { setUp } from './testing/notify-stage.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const TITLE = 'Obstacle in the protective field';

const oncall = (changes: Partial<Route> & { readonly topic?: string } = {}) =>
  receiverOf({ name: 'oncall', topic: 'oncall', ...changes });
/** From 22:00 to 06:00; `NIGHT_MS` is 02:12:53. */
const NIGHT = [{ days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 22 * 60, toMinute: 6 * 60 }];

describe('one message for an incident', () => {
  it('is sent after the incident has settled, with its cause by then, and is replaced when it heals', async () => {
    const { open, source, sent, clock, close, http } = await setUp([oncall()]);
    open({ title: 'Motor current', fault_count: 1, severity: 1 });
    for (let fault = 2; fault <= 50; fault += 1) {
      await clock.advanceAsync(5);
      source.tell('changed', incidentOf({ fault_count: fault }));
    }
    assert.deepEqual(sent(), []);
    await clock.advanceAsync(270, 5);
    assert.deepEqual(sent(), [`oncall/1 ${TITLE}`], 'half a second after it began');
    assert.match(String(http.requests[0]?.body), /Faults: 50\\n/);
    for (let fault = 51; fault <= 90; fault += 1) source.tell('changed', incidentOf({ fault_count: fault }));
    await clock.advanceAsync(MINUTE, 1000);
    source.tell('healed', healedOf());
    await clock.advanceAsync(20);
    assert.deepEqual(sent(), [`oncall/1 ${TITLE}`, `oncall/1 Healed: ${TITLE}`]);
    await close();
    assert.equal(clock.timers, 0);
  });

  it('is sent again if the incident gets worse or returns, with a separate alert sequence', async () => {
    const { open, source, sent, clock, close } = await setUp([oncall()]);
    open({ blocks_motion: false });
    await clock.advanceAsync(600, 10);
    source.tell('worse', incidentOf({ severity: 3, blocks_motion: false }));
    await clock.advanceAsync(10);
    source.tell('worse', incidentOf({ severity: 3 }));
    await clock.advanceAsync(10);
    source.tell('changed', incidentOf({ severity: 1, blocks_motion: false }));
    source.tell('worse', incidentOf({ severity: 3 }));
    await clock.advanceAsync(10);
    source.tell('healed', healedOf());
    await clock.advanceAsync(10);
    source.tell('reopened', incidentOf());
    await clock.advanceAsync(600, 10);
    assert.deepEqual(sent(), [
      `oncall/1 ${TITLE}`,
      `oncall/2 Worse: ${TITLE}`,
      `oncall/3 Worse: ${TITLE}`,
      `oncall/3 Healed: ${TITLE}`,
      `oncall/4 Again: ${TITLE}`,
    ]);
    await close();
  });

  it('is a single message that says so if the incident heals before it has settled', async () => {
    const { open, source, sent, clock, close, http } = await setUp([oncall()]);
    open();
    await clock.advanceAsync(200, 10);
    source.tell('healed', healedOf({}, 200));
    await clock.advanceAsync(5000, 50);
    assert.deepEqual(sent(), [`oncall/0 Healed: ${TITLE}`]);
    assert.match(String(http.requests[0]?.body), /Lasted: 0\.2 s/);
    source.tell('changed', healedOf({ fault_count: 4 }, 200));
    await clock.advanceAsync(5000, 50);
    assert.equal(sent().length, 1);
    await close();
  });

  it('ends if the incident becomes part of another, which has a separate message', async () => {
    const { open, source, sent, clock, close, http } = await setUp([oncall()]);
    open();
    open({ id: 'inc_18', title: 'Goal aborted' });
    await clock.advanceAsync(600, 10);
    source.tell('merged', incidentOf({ fault_count: 4 }), ['inc_18']);
    await clock.advanceAsync(600, 10);
    assert.deepEqual(sent(), [`oncall/1 ${TITLE}`, 'oncall/1 Goal aborted', 'oncall/1 Merged: Goal aborted']);
    assert.match(String(http.requests[2]?.body), /Merged into: inc_17/);
    await close();
  });

  it('is sent for each incident, however many open at the same time', async () => {
    const { open, source, sent, clock, close } = await setUp([oncall()]);
    for (let n = 0; n < 200; n += 1) open({ id: `inc_${n}`, title: `Fault ${n}` });
    for (let round = 0; round < 5; round += 1) {
      for (let n = 0; n < 200; n += 1)
        source.tell('changed', incidentOf({ id: `inc_${n}`, title: `Fault ${n}`, fault_count: 2 + round }));
      await clock.advanceAsync(50, 10);
    }
    await clock.advanceAsync(3000, 10);
    assert.deepEqual(sent().toSorted(), Array.from({ length: 200 }, (_, n) => `oncall/1 Fault ${n}`).toSorted());
    await close();
  });
});

describe('the receivers of a message', () => {
  it('are chosen by severity, and by the entity or its ancestors', async () => {
    const receivers = [
      oncall({ name: 'grave', topic: 'grave', leastSeverity: 3 }),
      oncall({ name: 'safety', topic: 'safety', entities: ['safety'] }),
      oncall({ name: 'arm', topic: 'arm', entities: ['arm'] }),
      oncall({ name: 'app', topic: 'app', entities: ['arm', 'collision_monitor'] }),
    ];
    const { open, source, sent, clock, close } = await setUp(receivers);
    open();
    await clock.advanceAsync(600, 10);
    assert.deepEqual(sent().toSorted(), [`app/1 ${TITLE}`, `safety/1 ${TITLE}`]);
    source.tell('worse', incidentOf({ severity: 3 }));
    await clock.advanceAsync(600, 10);
    assert.deepEqual(sent().slice(2).toSorted(), [
      `app/2 Worse: ${TITLE}`,
      `grave/1 ${TITLE}`,
      `safety/2 Worse: ${TITLE}`,
    ]);
    // A receiver that was notified is also notified of the end, whatever the severity is by then.
    source.tell('healed', healedOf({ severity: 1, entity_id: 'arm' }));
    await clock.advanceAsync(600, 10);
    assert.equal(sent().slice(5).length, 3);
    await close();
  });

  it('include a further one if an incident was not acknowledged in time', async () => {
    const boss = receiverOf({ name: 'boss', topic: 'boss', afterMs: 10 * MINUTE });
    const receivers = [oncall({ repeatMs: 4 * MINUTE, maxRepeats: 3 }), boss];
    const { open, source, sent, clock, close } = await setUp(receivers);
    open();
    open({ id: 'inc_18', title: 'Battery low' });
    await clock.advanceAsync(5 * MINUTE, SECOND);
    await source.acknowledge('inc_18', 'alice');
    await clock.advanceAsync(30 * MINUTE, SECOND);
    const titles = (topic: string) => sent().filter((line) => line.startsWith(topic));
    assert.deepEqual(titles('oncall'), [
      `oncall/1 ${TITLE}`,
      'oncall/1 Battery low',
      `oncall/2 Not acknowledged: ${TITLE}`,
      'oncall/2 Not acknowledged: Battery low',
      `oncall/3 Not acknowledged: ${TITLE}`,
      `oncall/4 Not acknowledged: ${TITLE}`,
    ]);
    assert.deepEqual(titles('boss'), [`boss/1 ${TITLE}`]);
    await close();
  });
});

describe('quiet hours', () => {
  it('hold messages until they end, pass severe ones, and list in one line what healed meanwhile', async () => {
    const { open, source, sent, clock, close, http, notify } = await setUp([oncall({ quiet: NIGHT })]);
    open();
    open({ id: 'inc_18', title: 'Goal aborted' });
    open({ id: 'inc_19', title: 'Emergency stop', severity: 3 });
    await clock.advanceAsync(MINUTE, 100);
    assert.deepEqual(sent(), ['oncall/1 Emergency stop']);
    assert.equal(notify.facts().waiting, 2);
    source.tell('healed', healedOf({ id: 'inc_18', title: 'Goal aborted' }, 30_000));
    source.tell('healed', healedOf({ id: 'inc_19', title: 'Emergency stop', severity: 3 }, 30_000));
    await clock.advanceAsync(3 * HOUR, 10 * SECOND);
    assert.deepEqual(sent().slice(1), ['oncall/1 Healed: Emergency stop'], 'that it is over rings nobody');
    assert.equal(JSON.parse(String(http.requests[1]?.body)).priority, 2);
    await clock.advanceAsync(HOUR, 10 * SECOND);
    const line = '2026-03-23 02:12:53 UTC Goal aborted (error, 30 s)';
    assert.deepEqual(sent().slice(2).toSorted(), [
      `oncall 1 incident started and healed while alerts were off [${line}]`,
      `oncall/1 ${TITLE}`,
    ]);
    const at = http.requests.length;
    await clock.advanceAsync(HOUR, 10 * SECOND);
    assert.equal(http.requests.length, at);
    await close();
  });

  it('pass an incident that becomes severe', async () => {
    const { open, source, sent, clock, close } = await setUp([oncall({ quiet: NIGHT })]);
    open();
    await clock.advanceAsync(MINUTE, 100);
    source.tell('worse', incidentOf({ severity: 3 }));
    await clock.advanceAsync(MINUTE, 100);
    assert.deepEqual(sent(), [`oncall/1 ${TITLE}`]);
    await close();
  });

  it('keep held messages over a restart', async () => {
    const first = await setUp([oncall({ quiet: NIGHT })]);
    first.open();
    first.open({ id: 'inc_18', title: 'Goal aborted' });
    await first.clock.advanceAsync(MINUTE, 100);
    first.source.tell('healed', healedOf({ id: 'inc_18', title: 'Goal aborted' }, 30_000));
    await first.clock.advanceAsync(MINUTE, 100);
    await first.close();
    const second = await setUp([oncall({ quiet: NIGHT })], {}, first);
    await second.clock.advanceAsync(4 * HOUR, 10 * SECOND);
    assert.deepEqual([first.sent(), second.sent().length], [[], 2]);
    assert.match(
      second.sent().toSorted().join(),
      /^oncall 1 incident started and healed .*Goal aborted.*oncall\/1 Obstacle/,
    );
    await second.close();
  });
});

describe('after a restart', () => {
  it('sent messages are not repeated, and missed ones are sent', async () => {
    const first = await setUp([oncall()]);
    first.open();
    first.open({ id: 'inc_18', title: 'Goal aborted' });
    await first.clock.advanceAsync(600, 10);
    first.open({ id: 'inc_19', title: 'Settling' });
    await first.clock.advanceAsync(100, 10);
    await first.close();
    assert.equal(first.sent().length, 2);
    // While no gateway runs.
    const { source, clock } = first;
    source.tell('healed', healedOf({ id: 'inc_18', title: 'Goal aborted', severity: 2 }, 5000));
    source.tell('opened', incidentOf({ id: 'inc_20', title: 'Opened later' }));
    source.tell(
      'healed',
      healedOf({ id: 'inc_21', title: 'Brief', began: new Date(clock.wallMs()).toISOString() }, 9000),
    );
    source.tell(
      'healed',
      healedOf({ id: 'inc_2', title: 'Long ago', healed_at: new Date(NIGHT_MS - HOUR).toISOString() }),
    );
    const second = await setUp([oncall()], {}, first);
    await second.clock.advanceAsync(3000, 10);
    const sent = second.sent().toSorted();
    assert.deepEqual(
      sent.map((line) => line.replace(/\[.*? UTC (\w+).*\]/, '[$1]')),
      [
        'oncall 1 incident started and healed while alerts were off [Brief]',
        'oncall/1 Healed: Goal aborted',
        'oncall/1 Opened later',
        'oncall/1 Settling',
      ],
    );
    await second.close();
    const third = await setUp([oncall()], {}, first);
    await third.clock.advanceAsync(3000, 10);
    assert.deepEqual(third.sent(), []);
    await third.close();
  });

  it('messages about an incident that was merged meanwhile are ended', async () => {
    const first = await setUp([oncall()]);
    first.open();
    await first.clock.advanceAsync(600, 10);
    await first.close();
    first.source.incidents.clear();
    const second = await setUp([oncall()], {}, first);
    await second.clock.advanceAsync(100, 10);
    assert.deepEqual(second.sent(), ['oncall/1 Merged: incident inc_17']);
    await second.close();
  });

  it('only open incidents from before the first start are sent', async () => {
    const source = new IncidentStage();
    source.tell('opened', incidentOf());
    source.tell('healed', healedOf({ id: 'inc_2', healed_at: new Date(NIGHT_MS - 1000).toISOString() }));
    const { sent, clock, close } = await setUp([oncall()], {}, { source });
    await clock.advanceAsync(1000, 10);
    assert.deepEqual(sent(), [`oncall/1 ${TITLE}`]);
    await close();
  });
});

describe('when the disk fails', () => {
  it('no message is sent, which is logged, and all are sent once the disk works', async () => {
    const { open, sent, store, clock, logged, notify, close } = await setUp([oncall()]);
    const write = store.write.bind(store);
    store.write = () => Promise.reject(new Error('the disk is full'));
    open();
    await clock.advanceAsync(10_000, 100);
    assert.deepEqual([sent(), notify.facts().problem], [[], 'the disk is full']);
    assert.equal(logged.filter((line) => line.includes('Notifications of incidents cannot be sent')).length, 1);
    store.write = write;
    await clock.advanceAsync(1200, 50);
    assert.deepEqual([sent(), notify.facts().problem], [[`oncall/1 ${TITLE}`], undefined]);
    assert.equal(notify.facts().sent, 1, 'attempts that failed are not counted');
    await close();
  });
});

describe('a receiver that has alerts', () => {
  const am = { name: 'am', type: 'alertmanager', url: 'http://10.0.0.9:9093' } as const;

  it('is updated as long as an alert lasts and when it ends, even if heals are not sent to others', async () => {
    const receivers = [receiverOf({ ...am, notifiesHealed: false }), oncall({ notifiesHealed: false })];
    const { open, source, clock, close, http } = await setUp(receivers);
    open();
    await clock.advanceAsync(65 * MINUTE, SECOND);
    source.tell('healed', healedOf());
    await clock.advanceAsync(SECOND, 10);
    const alerts = http.requests
      .filter(({ url }) => url.includes('9093'))
      .map(({ body }) => JSON.parse(String(body))[0]);
    assert.equal(alerts.length, 5, 'once, three times again, and its end');
    assert.ok(alerts.every(({ labels }) => labels.key === alerts[0].labels.key));
    assert.deepEqual(http.requests.filter(({ url }) => url.includes('ntfy')).length, 1);
    await close();
  });
});

describe('acknowledging by a link', () => {
  /** Returns the token in the last message that has one. */
  const tokenIn = (bodies: readonly string[]) =>
    /acknowledge\/([\w-]{43})/.exec(bodies.findLast((body) => body.includes('/acknowledge/')) ?? '')?.[1] ?? '';

  it('works once, names the receiver, and stops repetitions', async () => {
    const stage = await setUp([oncall({ repeatMs: MINUTE })]);
    const { open, clock, notify, http, store, source, sent } = stage;
    open();
    await clock.advanceAsync(600, 10);
    const token = tokenIn(http.requests.map(({ body }) => String(body)));
    assert.equal(Buffer.from(token, 'base64url').length, 32);
    const link = { incident: 'inc_17', receiver: 'oncall', robot: 'amr-01', title: TITLE };
    assert.deepEqual(await notify.findLink(token), { ...link, isUsed: false });
    assert.equal(await notify.findLink(`${token.slice(1)}A`), undefined);
    const [one, other] = await Promise.all([notify.acknowledge(token), notify.acknowledge(token)]);
    assert.deepEqual([one.is, other.is], ['done', 'used']);
    assert.equal(source.incidents.get('inc_17')?.acknowledged_by, 'link of receiver oncall');
    assert.equal((await notify.findLink(token))?.isUsed, true);
    await clock.advanceAsync(10 * MINUTE, SECOND);
    assert.deepEqual(sent(), [`oncall/1 ${TITLE}`]);
    const links = JSON.stringify(await store.read('SELECT * FROM notify_links'));
    assert.ok(links.includes('inc_17') && !links.includes(token));
    await stage.close();
  });

  it('expires, can be retried after a failure, and is not offered without an address', async () => {
    const stage = await setUp([oncall()], { linkMs: HOUR });
    const { open, clock, notify, http, source } = stage;
    open();
    await clock.advanceAsync(600, 10);
    const token = tokenIn(http.requests.map(({ body }) => String(body)));
    const incident = source.incidents.get('inc_17')!;
    source.incidents.clear();
    await assert.rejects(notify.acknowledge(token), /no incident inc_17/);
    source.incidents.set('inc_17', incident);
    await clock.advanceAsync(HOUR, MINUTE);
    assert.deepEqual(await notify.acknowledge(token), { is: 'unknown' });
    await stage.close();

    const without = await setUp([oncall()], { publicUrl: undefined });
    without.open();
    await without.clock.advanceAsync(600, 10);
    const body = JSON.parse(String(without.http.requests[0]?.body));
    assert.deepEqual([body.click, body.actions], [undefined, undefined]);
    await without.close();
  });

  it('uses the same link for every attempt of a message, and stores it before sending', async () => {
    const { open, clock, http, notify, close } = await setUp([oncall()]);
    http.answer = () => ({ status: 500 });
    open();
    await clock.advanceAsync(20_000, 100);
    const tokens = new Set(http.requests.map(({ body }) => tokenIn([String(body)])));
    assert.ok(http.requests.length > 3);
    assert.equal(tokens.size, 1);
    assert.equal((await notify.findLink([...tokens][0]!))?.isUsed, false);
    await close();
  });
});

describe('testing a receiver', () => {
  it('sends one message immediately, also in several requests, and reports the result', async () => {
    const pager = receiverOf({
      name: 'pager',
      type: 'pagerduty',
      url: 'http://10.0.0.8',
      routingKey: 'k'.repeat(32),
    });
    const { notify, http, close, store } = await setUp([oncall(), pager]);
    const { signal } = new AbortController();
    http.answer = () => ({ status: 202, body: 'ok' });
    const { durationMs, ...test } = await notify.test(notify.receivers[0]!, signal);
    assert.deepEqual(test, { receiver: 'oncall', delivered: true, status: 202, reply: 'ok' });
    assert.ok(durationMs >= 0);
    assert.equal((await notify.test(pager, signal)).delivered, true);
    const actions = http.requests.slice(1).map(({ body }) => JSON.parse(String(body)).event_action);
    assert.deepEqual(actions, ['trigger', 'resolve']);
    http.answer = () => ({ status: 400, body: `the key ${'k'.repeat(32)} is wrong` });
    const refused = await notify.test(pager, signal);
    assert.deepEqual([refused.delivered, refused.error], [false, 'HTTP 400: the key … is wrong']);
    assert.deepEqual(await store.read('SELECT * FROM webhook_deliveries'), []);
    await close();
  });
});

it('an idle notifier has no timer and writes nothing', async () => {
  const clock = new SimulatedClock({ epochMs: NIGHT_MS });
  const { webhooks, notify, store, source } = await setUp([oncall()], {}, { clock });
  await webhooks.close();
  assert.equal(clock.timers, 0);
  let writes = 0;
  const write = store.write.bind(store);
  store.write = (...args) => {
    writes += 1;
    return write(...args);
  };
  await clock.advanceAsync(HOUR, MINUTE);
  assert.deepEqual([writes, source.queries.length], [0, 1]);
  await notify.close();
});
