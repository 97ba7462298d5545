import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpClient } from '@medkit/edges';
import { runPlugin } from '@medkit/plugin/testing';
import { protocolOf } from '@medkit/vda5050';
import { exampleHeader, IDLE_ROBOT } from '@medkit/vda5050/testing';
import { vda5050Plugin } from './vda5050-plugin.ts';

const PATH = '/apps/vda5050_agent/x-medkit-vda5050';

const health = (more: object = {}) => ({
  role: 'sole',
  why: 'no other client was active',
  robot: { version: '3.0.0', manufacturer: 'ACME', serial: 'AMR-1' },
  broker: { url: 'mqtt://broker', connected: true },
  ...more,
});

/** Pages of an agent, by path; an agent without pages does not answer. */
class AgentPages implements HttpClient {
  pages: Readonly<Record<string, unknown>> = {};

  async send({ url }: { readonly url: string }) {
    const { pathname } = new URL(url);
    if (Object.keys(this.pages).length === 0) throw new Error('connection refused');
    const page = this.pages[pathname];
    const body = typeof page === 'string' ? page : JSON.stringify(page ?? { error: 'no state is sent' });
    return { status: page === undefined ? 404 : 200, headers: {}, body };
  }
}

async function open(pages: AgentPages['pages'] = {}, isolated = false) {
  const http = new AgentPages();
  http.pages = pages;
  const options = { url: 'http://127.0.0.1:8095', component: 'amr' };
  const run = await runPlugin(vda5050Plugin({ http }), { options, isolated });
  await run.advance(1000);
  const app = () => run.model.tree.all('app').find(({ id }) => id === 'vda5050_agent');
  return { http, run, app };
}

for (const isolated of [false, true]) {
  describe(`the VDA 5050 agent, ${isolated ? 'by a separate process' : 'within the gateway'}`, () => {
    it('is an app with the state that it sent last', async () => {
      const state = protocolOf('3.0.0').encodeState(exampleHeader('3.0.0'), {
        ...IDLE_ROBOT,
        order: { orderId: 'o-7', orderUpdateId: 2 },
        nodes: [{ id: 'dock', sequenceId: 4, released: true }],
        instantActions: [{ actionId: 'a-1', actionType: 'clearFault', status: 'FAILED', result: 'it is off' }],
        errors: [{ type: 'PROTECTIVE_STOP', level: 'CRITICAL', references: [{ key: 'entityId', value: 'gate' }] }],
      });
      const { run, app } = await open({ '/health': health(), '/state': state }, isolated);
      assert.deepEqual([app()?.online, app()?.capabilities], [true, ['x-medkit-vda5050']]);
      const { body } = await run.ask('GET', PATH);
      assert.deepEqual(body, {
        agent: health(),
        sent_at: '2026-01-02T03:04:05.678Z',
        order: { order_id: 'o-7', order_update_id: 2 },
        nodes: [{ node_id: 'dock', sequence_id: 4, released: true }],
        instant_actions: [{ action_id: 'a-1', type: 'clearFault', status: 'FAILED', result: 'it is off' }],
        errors: [
          {
            type: 'PROTECTIVE_STOP',
            level: 'CRITICAL',
            description: null,
            hint: null,
            references: { entityId: 'gate' },
          },
        ],
        information: [],
      });
      await run.stop();
    });

    it('is offline while it does not answer, and online again without a restart', async () => {
      const { http, run, app } = await open({}, isolated);
      assert.equal(app()?.online, false);
      await assert.rejects(run.ask('GET', PATH), { code: 'service-unavailable', message: /connection refused/ });
      http.pages = { '/health': health() };
      await run.advance(6000);
      assert.equal(app()?.online, true);
      assert.deepEqual((await run.ask('GET', PATH)).body, { agent: health() }, 'an agent that sends no state');
      http.pages = {};
      await run.advance(6000);
      assert.equal(app()?.online, false);
      await run.stop();
    });

    it('is not confused with another program at its address', async () => {
      const { http, run } = await open({ '/health': '<html>' }, isolated);
      for (const page of ['<html>', [], null, { robot: { version: '9' } }]) {
        http.pages = { '/health': page ?? 'null' };
        await assert.rejects(run.ask('GET', PATH), { code: 'service-unavailable' });
      }
      http.pages = { '/health': health(), '/state': { headerId: 'x' } };
      await assert.rejects(run.ask('GET', PATH), { code: 'service-unavailable' });
      await assert.rejects(run.ask('GET', PATH.replace('vda5050_agent', 'other')), { code: 'resource-not-found' });
      await run.stop();
    });
  });
}
