import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { type CallContext, callContext } from '../providers/call-context.ts';
import { app } from '../testing/entities.ts';
import { memoryRuntime } from '../testing/memory-runtime.ts';
import { errorOf } from '../testing/rejection.ts';
import { openModel } from './model.ts';

/** A gateway `hall` with a local runtime and a runtime of a peer, and the calls that reach them. */
async function setUp(via: readonly string[] = []) {
  const clock = new SimulatedClock();
  const reached: CallContext[] = [];
  const runtimes = [
    memoryRuntime({ name: 'plc', apps: [app('pump')] }),
    memoryRuntime({ name: 'yard', origin: 'yard' }),
  ];
  const recording = runtimes.map((runtime) => ({
    ...runtime,
    providers: {
      data: {
        ...(runtime.providers.data ?? assert.fail()),
        list: async (_: string, call: CallContext) => {
          reached.push(call);
          return [];
        },
      },
    },
  }));
  const model = await openModel({ runtimes: recording, clock, log: () => undefined, gateway: 'hall' });
  const call = callContext({ clock, timeoutMs: 100, via, clientId: 'ada', trace: '00-abc-def-01' });
  return { reached, call, list: async (runtime: string) => model.provider(runtime)?.data?.list('pump', call) };
}

describe('a request that is forwarded between gateways', () => {
  it('adds this gateway to the route, and forwards client, principal and trace to a runtime of another gateway', async () => {
    const { list, reached, call } = await setUp(['dock']);
    await list('yard');
    const [{ via, clientId, principal, trace, deadlineMs }] = reached;
    assert.deepEqual(
      [via, clientId, principal, trace, deadlineMs],
      [['dock', 'hall'], 'ada', call.principal, '00-abc-def-01', call.deadlineMs],
    );
  });

  it('reaches a runtime of this gateway unchanged', async () => {
    const { list, reached } = await setUp(['dock']);
    await list('plc');
    assert.deepEqual(reached[0].via, ['dock']);
  });

  for (const runtime of ['plc', 'yard']) {
    it(`ends when it returns to a gateway, before ${runtime} is called, and reports its route`, async () => {
      const { list, reached } = await setUp(['hall', 'yard', 'dock']);
      const { code, message, parameters } = await errorOf(list(runtime));
      assert.deepEqual([code, parameters], ['service-unavailable', { runtime, via: ['hall', 'yard', 'dock'] }]);
      assert.match(message, /came back to this gateway, by way of hall, yard, dock: /);
      assert.deepEqual(reached, []);
    });
  }

  it('ends after eight gateways, of which the last still answers with its own entities', async () => {
    const { list, reached } = await setUp(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    assert.match((await errorOf(list('yard'))).message, /has passed 8 gateways/);
    await list('plc');
    assert.equal(reached.length, 1);
  });
});
