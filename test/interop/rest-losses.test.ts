import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { assertFailure, execution, type Failure, type Question, timed, waitForOperations } from './failure.ts';
import { startGateway } from './gateway-process.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const TRIGGER = 'std_srvs/srv/Trigger';
const FIBONACCI = 'example_interfaces/action/Fibonacci';
const LEASE_MS = 2000;
/** Time in which a client and a server on one machine discover each other. */
const MATCHED_MS = 500;

const DOMAIN = await reserveDomain();
const SECOND_DOMAIN = await reserveDomain();

peerSuite('DDS processes that die, over REST', {}, () => {
  for (const vendor of vendors) {
    test(`${vendor}: requests in progress at a node that dies end soon after its loss`, {
      timeout: 90_000,
    }, async () => {
      const domainId = DOMAIN;
      // Longer than any acceptable wait: the loss must end the calls.
      await using gateway = await startGateway({
        domainId,
        settings: ['service_call_timeout_sec=60', 'parameter_service_timeout_sec=10'],
      });
      const commands = [
        'node /robot/mortal',
        `service /robot/mortal/die ${TRIGGER} die`,
        `service /robot/mortal/hang ${TRIGGER} hang`,
        `action /robot/mortal/count ${FIBONACCI} hang`,
        'parameters quiet hang',
        'lifecycle hang=configure',
      ];
      await using peer = await startPeer({ vendor, domainId, leaseMs: LEASE_MS, commands });
      await waitForOperations(gateway, { mortal: 3 });
      const goal = await timed(gateway, execution('mortal', 'count', { order: 3 }));
      assert.equal(goal.status, 202);
      await eventually('it is asked to start', async () => {
        return (await gateway.ask('PUT', '/apps/mortal/status/start')).status === 202;
      });
      const withinMs = 2 * LEASE_MS;
      const lost = { status: 504, code: 'x-medkit-outcome-unknown', withinMs };
      const unsent = { status: 500, code: 'x-medkit-ros2-service-unavailable' };
      const calls: readonly Failure[] = [
        {
          ...lost,
          what: 'a call that hung',
          ask: execution('mortal', 'hang'),
          // The server may die before both sides are matched.
          says: [/\/robot\/mortal\/hang/, /left the graph before (it answered the request|the request could be sent)/],
        },
        {
          ...lost,
          what: 'the call that was too much',
          ask: execution('mortal', 'die'),
          says: [/\/robot\/mortal\/die/, /left the graph before it answered the request/],
        },
      ];
      const parameters: Failure = {
        what: 'its parameters',
        ask: ['GET', '/apps/mortal/configurations'],
        status: 503,
        code: 'x-medkit-ros2-node-unavailable',
        says: [/\/robot\/mortal/],
        withinMs,
      };
      const [outcome, ...outcomes] = await Promise.all([parameters, ...calls].map(({ ask }) => timed(gateway, ask)));
      assertFailure(parameters, outcome!);
      for (const [at, call] of calls.entries()) {
        const isUnsent = JSON.stringify(outcomes[at]!.body).includes('left the graph before the request could be sent');
        assertFailure(isUnsent ? { ...call, ...unsent } : call, outcomes[at]!);
      }
      await assert.rejects(peer.event('bye'), /ended \(9\)/);

      await eventually('the app is gone', async () => (await gateway.ask('GET', '/apps/mortal')).status === 404);
      const executions = '/apps/mortal/operations/count/executions';
      for (const ask of [
        ['GET', `${executions}/${goal.body['id']}`],
        execution('mortal', 'hang'),
        ['GET', '/apps/mortal/configurations'],
        ['GET', '/apps/mortal/status'],
        ['PUT', '/apps/mortal/status/start'],
        ['GET', '/apps/mortal/logs'],
      ] as const) {
        assertFailure(
          {
            what: `${ask[0]} ${ask[1]} of a node that has gone`,
            ask,
            status: 404,
            code: 'entity-not-found',
            says: [/mortal/],
            withinMs: 100,
          },
          await timed(gateway, ask),
        );
      }
      // It restarts and is served as before. The result of its former goal stays unknown.
      await using _again = await startPeer({ vendor, domainId, commands: commands.toSpliced(1, 2) });
      await waitForOperations(gateway, { mortal: 1 });
      const { status, body } = await gateway.ask('GET', `${executions}/${goal.body['id']}`);
      assert.deepEqual([status, body['status'], body['x-medkit']?.ros2_status], [200, 'failed', 'unknown']);
    });

    test(`${vendor}: a dead node that is not yet removed is distinguished from one that refuses`, {
      timeout: 90_000,
    }, async () => {
      const domainId = SECOND_DOMAIN;
      await using gateway = await startGateway({
        domainId,
        settings: ['service_call_timeout_sec=1', 'parameter_service_timeout_sec=0.5'],
      });
      const commands = [
        'node /robot/ghost',
        `service /robot/ghost/home ${TRIGGER}`,
        `action /robot/ghost/count ${FIBONACCI} hang`,
        'parameters quiet',
        'lifecycle',
      ];
      await using peer = await startPeer({ vendor, domainId, leaseMs: 60_000, commands });
      await waitForOperations(gateway, { ghost: 2 });
      await eventually('its state', async () => {
        return (await gateway.ask('GET', '/apps/ghost/status')).body['x-medkit']?.state === 'unconfigured';
      });
      const { body: goal } = await gateway.ask(...execution('ghost', 'count', { order: 3 }));
      // The services of an action are discovered one by one: the goal may be accepted before the result service is
      // ready.
      await delay(MATCHED_MS);
      await peer.kill();

      const cancel: Question = ['DELETE', `/apps/ghost/operations/count/executions/${goal['id']}`];
      const failures: readonly Failure[] = [
        {
          what: 'a service',
          ask: execution('ghost', 'home'),
          status: 500,
          code: 'x-medkit-ros2-service-unavailable',
          says: [/\/robot\/ghost\/home/, /offered, but its server does not answer/],
          withinMs: 1000,
        },
        {
          what: 'a goal',
          ask: execution('ghost', 'count'),
          status: 504,
          code: 'x-medkit-outcome-unknown',
          says: [/\/robot\/ghost\/count/, /did not answer within/],
          withinMs: 1000,
        },
        {
          what: 'the end of a goal',
          ask: cancel,
          status: 504,
          code: 'x-medkit-outcome-unknown',
          says: [/\/robot\/ghost\/count/, /"execution_id"/],
          withinMs: 1000,
        },
        {
          what: 'a parameter',
          ask: ['GET', '/apps/ghost/configurations/gain'],
          status: 503,
          code: 'x-medkit-ros2-node-unavailable',
          says: [/\/robot\/ghost/],
          withinMs: 500,
        },
        {
          what: 'the same parameter, of a node that is known to be mute',
          ask: ['GET', '/apps/ghost/configurations/gain'],
          status: 503,
          code: 'x-medkit-ros2-node-unavailable',
          says: [/\/robot\/ghost/],
          withinMs: 0,
        },
        {
          what: 'a transition',
          ask: ['PUT', '/apps/ghost/status/start'],
          status: 504,
          code: 'x-medkit-plugin-error',
          says: [/\/robot\/ghost/, /get_state did not answer/],
          withinMs: 500,
        },
      ];
      for (const failure of failures) assertFailure(failure, await timed(gateway, failure.ask));
      const { status, body } = await gateway.ask('GET', '/apps/ghost/status');
      assert.deepEqual([status, body['status']], [200, 'notReady']);
      assert.match(JSON.stringify(body['x-medkit']), /does not report its state/);
      for (const list of ['operations', 'data', 'logs', 'bulk-data']) {
        assert.equal((await gateway.ask('GET', `/apps/ghost/${list}`)).status, 200, list);
      }
    });

    test(`${vendor}: an action server that was killed and restarted accepts goals during the lease of the first`, {
      timeout: 90_000,
    }, async () => {
      const domainId = SECOND_DOMAIN;
      await using gateway = await startGateway({ domainId, settings: ['service_call_timeout_sec=3'] });
      const phoenix = {
        vendor,
        domainId,
        leaseMs: 60_000,
        commands: ['node /robot/phoenix', `action /robot/phoenix/count ${FIBONACCI} interval=20`],
      };
      await using first = await startPeer(phoenix);
      await waitForOperations(gateway, { phoenix: 1 });
      const executions = '/apps/phoenix/operations/count/executions';
      const counted = async (order: number) => {
        const goal = await gateway.ask(...execution('phoenix', 'count', { order }));
        assert.equal(goal.status, 202, JSON.stringify(goal.body));
        const ended = await eventually(`the end of the goal of ${order}`, async () => {
          const { body } = await gateway.ask('GET', `${executions}/${goal.body['id']}`);
          return body['status'] !== 'running' && body;
        });
        return [ended['status'], ended['parameters']?.['sequence'] ?? ended['result']?.['sequence']];
      };
      assert.deepEqual(await counted(3), ['completed', [0, 1, 1, 2]]);
      await first.kill();
      await using _second = await startPeer(phoenix);
      assert.deepEqual(await counted(4), ['completed', [0, 1, 1, 2, 3]]);
    });
  }
});
