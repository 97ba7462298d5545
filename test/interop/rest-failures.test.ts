import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { assertFailure, execution, type Failure, timed, waitForOperations } from './failure.ts';
import { startGateway } from './gateway-process.ts';
import { startPeer } from './peer.ts';
import { type Vendor, vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const TRIGGER = 'std_srvs/srv/Trigger';
const ADD = 'example_interfaces/srv/AddTwoInts';
const FIBONACCI = 'example_interfaces/action/Fibonacci';

/** Starts nodes that fail in every way; a request of the list exercises each. */
async function startFailing(vendor: Vendor, domainId: number) {
  const stack = new AsyncDisposableStack();
  const settings = [
    'service_call_timeout_sec=1',
    'parameter_service_timeout_sec=0.5',
    'parameter_service_negative_cache_sec=0',
  ];
  const gateway = stack.use(await startGateway({ domainId, settings }));
  const commands = [
    'node /robot/arm',
    `service /robot/arm/hang ${TRIGGER} hang`,
    `service /robot/arm/late ${ADD} late=1500`,
    `service /robot/arm/babble ${ADD} garbage`,
    `action /robot/arm/picky ${FIBONACCI} reject`,
    `action /robot/arm/stubborn ${FIBONACCI} refuse_cancel hang`,
    `action /robot/arm/doomed ${FIBONACCI} abort interval=20`,
    'node /robot/deaf',
    'parameters quiet hang',
    'node /robot/slow',
    'parameters quiet late=1000',
    'node /robot/stuck',
    'lifecycle hang=configure',
  ];
  stack.use(await startPeer({ vendor, domainId, commands }));
  await waitForOperations(gateway, { arm: 6, deaf: 0, slow: 0, stuck: 0 });
  return { gateway, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const FAILURES: readonly Failure[] = [
  {
    what: 'a service that hangs',
    ask: execution('arm', 'hang'),
    status: 504,
    code: 'x-medkit-outcome-unknown',
    says: [/\/robot\/arm\/hang/, /"entity_id":"arm","operation_id":"hang"/, /did not answer within/],
    withinMs: 1000,
  },
  {
    what: 'a service that answers after its time',
    ask: execution('arm', 'late', { a: 1, b: 1 }),
    status: 504,
    code: 'x-medkit-outcome-unknown',
    says: [/\/robot\/arm\/late/, /did not answer within/],
    withinMs: 1000,
  },
  {
    what: 'a service that answers nonsense',
    ask: execution('arm', 'babble', { a: 1, b: 1 }),
    status: 504,
    code: 'x-medkit-outcome-unknown',
    says: [/\/robot\/arm\/babble/],
    withinMs: 500,
  },
  {
    what: 'an action that refuses the goal',
    ask: execution('arm', 'picky', { order: 1 }),
    status: 400,
    code: 'x-medkit-ros2-action-rejected',
    says: [/Goal rejected/, /"operation_id":"picky"/],
    withinMs: 500,
  },
  {
    what: 'parameters that nobody answers for',
    ask: ['GET', '/apps/deaf/configurations'],
    status: 503,
    code: 'x-medkit-ros2-node-unavailable',
    // On a busy machine it may not have found its server in that time.
    says: [/\/robot\/deaf/, /did not answer within|was ready within/],
    withinMs: 500,
  },
  {
    what: 'one of them',
    ask: ['GET', '/apps/deaf/configurations/gain'],
    status: 503,
    code: 'x-medkit-ros2-node-unavailable',
    says: [/\/robot\/deaf/, /"entity_id":"deaf","id":"gain"/],
    withinMs: 500,
  },
  {
    what: 'setting one of them',
    ask: ['PUT', '/apps/deaf/configurations/gain', { data: 1 }],
    status: 503,
    code: 'x-medkit-ros2-node-unavailable',
    says: [/\/robot\/deaf/],
    withinMs: 500,
  },
  {
    what: 'parameters that come after their time',
    ask: ['GET', '/apps/slow/configurations/gain'],
    status: 503,
    code: 'x-medkit-ros2-node-unavailable',
    says: [/\/robot\/slow/, /did not answer within/],
    withinMs: 500,
  },
];

peerSuite('failing DDS processes, over REST', {}, () => {
  for (const vendor of vendors) {
    test(`${vendor}: every failure has its code, names its subject, and is reported in time`, {
      timeout: 90_000,
    }, async () => {
      await using robot = await startFailing(vendor, 50);
      const { gateway } = robot;
      // The second round runs while late answers to the aborted calls of the first arrive; they must be ignored.
      for (let round = 0; round < 2; round += 1) {
        const outcomes = await Promise.all(FAILURES.map(({ ask }) => timed(gateway, ask)));
        for (const [at, failure] of FAILURES.entries()) assertFailure(failure, outcomes[at]!);
      }
    });

    test(`${vendor}: failed goals report their reason, and a hanging transition delays no other request`, {
      timeout: 90_000,
    }, async () => {
      await using robot = await startFailing(vendor, 51);
      const { gateway } = robot;
      const doomed = await timed(gateway, execution('arm', 'doomed', { order: 2 }));
      assert.equal(doomed.status, 202);
      const ended = await eventually('the goal is aborted', async () => {
        const { body } = await gateway.ask('GET', `/apps/arm/operations/doomed/executions/${doomed.body['id']}`);
        return body['status'] === 'failed' && body;
      });
      assert.equal(ended['x-medkit'].ros2_status, 'aborted');
      assert.match(ended['error'], /aborted/);

      const stubborn = await timed(gateway, execution('arm', 'stubborn', { order: 2 }));
      const goalPath = `/apps/arm/operations/stubborn/executions/${stubborn.body['id']}`;
      assertFailure(
        {
          what: 'a goal that is not to be canceled',
          ask: ['DELETE', goalPath],
          status: 400,
          code: 'x-medkit-ros2-action-rejected',
          says: [/refused to cancel the goal/, /"execution_id"/, /"return_code":1/],
          withinMs: 500,
        },
        await timed(gateway, ['DELETE', goalPath]),
      );
      assert.equal((await gateway.ask('GET', goalPath)).body['status'], 'running');

      const status = async () => (await timed(gateway, ['GET', '/apps/stuck/status'])).body;
      await eventually('its state', async () => (await status())['x-medkit']?.state === 'unconfigured');
      assert.equal((await gateway.ask('PUT', '/apps/stuck/status/start')).status, 202);
      const begun = await status();
      assert.deepEqual([begun['status'], begun['x-medkit'].last_transition.outcome], ['notReady', 'running']);
      assertFailure(
        {
          what: 'a second transition',
          ask: ['PUT', '/apps/stuck/status/restart'],
          status: 409,
          code: 'precondition-not-fulfilled',
          says: [/Cannot restart \/robot\/stuck: start is in progress/],
          withinMs: 500,
        },
        await timed(gateway, ['PUT', '/apps/stuck/status/restart']),
      );
    });
  }
});
