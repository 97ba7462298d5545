import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayRefused, GatewayUnreachable } from '../failures.ts';
import { FakeGateway, refusal } from '../testing/fake-gateway.ts';
import type { Sample, SampleRequest } from './sample.ts';
import { samples } from './samples.ts';

const SUBSCRIBE = 'POST /cyclic-subscriptions';
const READ = 'GET /data/flow';
const one = (id: string) => `/cyclic-subscriptions/${id}`;

/**
 * Reads an item of data. Collects samples in `seen`; `over` resolves when reading has ended, with the error if it
 * failed.
 */
function reading(gateway: FakeGateway, changes: Partial<SampleRequest> = {}) {
  const stop = new AbortController();
  const seen: Omit<Sample, 'text'>[] = [];
  const paused: unknown[] = [];
  const request: SampleRequest = {
    client: gateway.client,
    entity: { kind: 'app', id: 'pump' },
    dataId: 'flow',
    interval: 'normal',
    signal: stop.signal,
    onPause: (ms, count) => paused.push([ms, count]),
    ...changes,
  };
  const read = async () => {
    for await (const { text: _, ...sample } of samples(request)) seen.push(sample);
  };
  const over = read().then(
    () => undefined,
    (error: unknown) => error,
  );
  return { seen, paused, over, stop: () => stop.abort() };
}

/** Lets pending work settle. */
const settle = (gateway: FakeGateway) => gateway.clock.advanceAsync(0.02, 0.001);

describe('the values of an item of data', () => {
  it('arrive over a subscription, which is deleted at the end', async () => {
    const gateway = new FakeGateway();
    const { seen, over, stop } = reading(gateway, { dataId: '/flow' });
    await settle(gateway);
    gateway.sendValue({ litres: 5 });
    gateway.sendData('{"timestamp":"t","error":{"error_code":"x","message":"No sample yet"}}');
    await settle(gateway);
    assert.deepEqual(seen, [{ value: { litres: 5 } }, { error: 'No sample yet' }]);
    const resource = '/api/v1/apps/pump/data/flow';
    assert.deepEqual(gateway.bodies, [{ resource, interval: 'normal', duration: 300 }]);
    stop();
    assert.equal(await over, undefined);
    assert.deepEqual(gateway.requests, [SUBSCRIBE, `GET ${one('sub_1')}/events`, `DELETE ${one('sub_1')}`]);
    assert.equal(gateway.clock.timers, 0);
  });

  it('are no longer subscribed to when the reader stops', async () => {
    const gateway = new FakeGateway();
    const signal = new AbortController().signal;
    const source = samples({
      client: gateway.client,
      entity: { kind: 'app', id: 'pump' },
      dataId: 'flow',
      interval: 'fast',
      signal,
    });
    const first = source.next();
    await settle(gateway);
    gateway.sendValue(1);
    assert.equal((await first).value?.value, 1);
    await source.return(undefined);
    assert.equal(gateway.requests.at(-1), `DELETE ${one('sub_1')}`);
    assert.equal(gateway.clock.timers, 0);
  });

  it('extend their subscription before it expires, also if one extension fails', async () => {
    const gateway = new FakeGateway();
    const { over, stop } = reading(gateway);
    await settle(gateway);
    gateway.answers.set(`PUT ${one('sub_1')}`, () => new Error('socket hang up'));
    await gateway.clock.advanceAsync(100_000, 10_000);
    gateway.answers.clear();
    await gateway.clock.advanceAsync(100_000, 10_000);
    const extensions = gateway.requests.filter((request) => request === `PUT ${one('sub_1')}`);
    assert.deepEqual([extensions.length, gateway.bodies.at(-1)], [2, { duration: 300 }]);
    stop();
    await over;
  });

  it('continue with another subscription after a restart of the gateway, also before the robot is discovered again', async () => {
    const gateway = new FakeGateway();
    const { seen, paused, over, stop } = reading(gateway);
    await settle(gateway);
    gateway.sendValue(1);
    await settle(gateway);
    const states = [() => new Error('connection refused'), () => refusal(503), () => refusal(404)];
    gateway.answers.set(SUBSCRIBE, () => {
      const state = states.shift();
      if (states.length === 0) gateway.answers.delete(SUBSCRIBE);
      return state?.() ?? 'hangs';
    });
    gateway.restart();
    for (let second = 0; second < 6; second++) await gateway.clock.advanceAsync(1000, 500);
    gateway.sendValue(2);
    await settle(gateway);
    assert.deepEqual(seen, [{ value: 1 }, { value: 2 }]);
    const again = [1, 2, 3].map((count) => [1000, count]);
    assert.deepEqual(paused, [[1000, 1], ...again]);
    stop();
    assert.equal(await over, undefined);
    assert.equal(gateway.requests.at(-1), `DELETE ${one('sub_2')}`);
  });

  it('fail if a restarted gateway does not have them any more, or rejects the client', async () => {
    for (const [status, most] of [
      [404, 16],
      [401, 1],
    ] as const) {
      const gateway = new FakeGateway();
      const { over } = reading(gateway);
      await settle(gateway);
      gateway.sendValue(1);
      gateway.answers.set(SUBSCRIBE, () => refusal(status));
      await settle(gateway);
      gateway.restart();
      await gateway.clock.advanceAsync(30_000, 500);
      const error = await over;
      assert.ok(error instanceof GatewayRefused && error.status === status);
      assert.equal(gateway.requests.filter((request) => request === SUBSCRIBE).length, 1 + most);
    }
  });

  it('fail without a gateway at the start', async () => {
    const gateway = new FakeGateway();
    gateway.answers.set(SUBSCRIBE, () => new Error('connection refused'));
    assert.ok((await reading(gateway).over) instanceof GatewayUnreachable);
  });

  it('end immediately with their signal: during the request, in a pause, and with a gateway that does not delete', async () => {
    const hanging = new FakeGateway();
    hanging.answers.set(SUBSCRIBE, () => 'hangs');
    const made = reading(hanging);
    await settle(hanging);
    made.stop();
    assert.equal(await made.over, undefined);

    const restarted = new FakeGateway();
    const paused = reading(restarted);
    await settle(restarted);
    restarted.restart();
    await settle(restarted);
    paused.stop();
    assert.equal(await paused.over, undefined);

    const deaf = new FakeGateway();
    deaf.answers.set(`DELETE ${one('sub_1')}`, () => 'hangs');
    const deleted = reading(deaf);
    await settle(deaf);
    deleted.stop();
    await settle(deaf);
    await deaf.clock.advanceAsync(2000, 1000);
    assert.equal(await deleted.over, undefined);
    for (const { clock } of [hanging, restarted, deaf]) assert.equal(clock.timers, 0);
  });
});

describe('the values of data without subscriptions', () => {
  const item = (data: unknown) => () => Response.json({ id: 'flow', data });
  const polled = () => {
    const gateway = new FakeGateway();
    gateway.answers.set(SUBSCRIBE, () => refusal(501));
    return gateway;
  };

  it('are read repeatedly; unchanged values are left out', async () => {
    const gateway = polled();
    gateway.answers.set(READ, item(1));
    const { seen, over, stop } = reading(gateway);
    await settle(gateway);
    await gateway.clock.advanceAsync(400, 200);
    gateway.answers.set(READ, item(2));
    await gateway.clock.advanceAsync(200, 200);
    gateway.answers.set(READ, () => refusal(503));
    await gateway.clock.advanceAsync(200, 200);
    assert.deepEqual(seen, [{ value: 1 }, { value: 2 }, { error: 'Refused with 503' }]);
    assert.equal(gateway.requests.filter((request) => request === READ).length, 5);
    stop();
    assert.equal(await over, undefined);
    assert.equal(gateway.clock.timers, 0);
  });

  it('are also read for an area, which has no subscriptions', async () => {
    const gateway = new FakeGateway();
    gateway.answers.set('GET /areas/hall/data/flow', item(1));
    const { seen, over, stop } = reading(gateway, { entity: { kind: 'area', id: 'hall' } });
    await settle(gateway);
    stop();
    await over;
    assert.deepEqual([seen, gateway.requests], [[{ value: 1 }], ['GET /areas/hall/data/flow']]);
  });

  it('are awaited while the gateway is away, and fail if it was never available', async () => {
    const gateway = polled();
    gateway.answers.set(READ, item(1));
    const { seen, paused, over, stop } = reading(gateway);
    await settle(gateway);
    gateway.answers.set(READ, () => new Error('connection refused'));
    await gateway.clock.advanceAsync(1200, 200);
    gateway.answers.set(READ, item(2));
    await gateway.clock.advanceAsync(1000, 200);
    stop();
    assert.equal(await over, undefined);
    assert.deepEqual(
      [seen, paused],
      [
        [{ value: 1 }, { value: 2 }],
        [
          [1000, 1],
          [1000, 2],
        ],
      ],
    );
    const unreachable = polled();
    unreachable.answers.set(READ, () => new Error('connection refused'));
    assert.ok((await reading(unreachable).over) instanceof GatewayUnreachable);
  });
});
