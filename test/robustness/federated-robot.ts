import { appendFileSync } from 'node:fs';
import { SovdError } from '@medkit/contract';
import type { JsonValue } from '@medkit/core';
import { definePlugin, PLUGIN_API_VERSION } from '@medkit/plugin';
import Type from 'typebox';
import { sharedMs } from './race-steps.ts';

/**
 * A plugin of a robot with one arm. It writes every value that its force was set to, and the time, to a file, and
 * reports faults on request. Its ids begin with its name.
 */
export const plugin = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: 'robot',
  options: Type.Object({ name: Type.String(), taken: Type.String() }),
  setup: async ({ options: { name, taken }, clock, reportFault }) => {
    const entity = { source: '', online: true };
    const [base, arm] = [`${name}_base`, `${name}_arm`];
    const known = (dataId: string): void => {
      if (dataId !== 'force') throw new SovdError({ code: 'resource-not-found', parameters: { id: dataId } });
    };
    const force = (value: JsonValue) => ({ id: 'force', value, timestampNs: clock.wallNs() });
    let last: JsonValue = 0;
    return {
      contribution: async () => ({
        entities: {
          components: [{ ...entity, kind: 'component', id: base, name: 'Base', capabilities: [] }],
          apps: [{ ...entity, kind: 'app', id: arm, name: 'Arm', componentId: base, capabilities: ['x-report'] }],
        },
      }),
      providers: {
        data: {
          list: async () => [{ id: 'force', name: 'Force', category: 'currentData' }],
          read: async (_id, dataId) => {
            known(dataId);
            return { ...force(last), publisherCount: 1, subscriberCount: 0 };
          },
          write: async (_id, dataId, { value }) => {
            known(dataId);
            appendFileSync(taken, `${JSON.stringify({ value, atMs: sharedMs() })}\n`);
            last = value;
            return force(value);
          },
        },
      },
      routes: [
        {
          route: {
            method: 'put',
            path: '/apps/{app_id}/x-report',
            operationId: 'putReport',
            summary: 'Report a fault',
            description: 'Answers when it is stored.',
            parameters: [],
            body: {
              schema: Type.Object({ code: Type.String(), number: Type.Integer() }),
              description: 'The code, and which report of it this is',
              examples: {},
            },
            responses: { 200: { description: 'Whether it is stored' } },
            errors: [],
          },
          handle: async ({ body }) => {
            const { code, number } = body as { readonly code: string; readonly number: number };
            const severity = 2;
            const description = String(number);
            const reported = await reportFault({ code, event: 'FAILED', severity, description, source: arm });
            return { body: { reported } };
          },
        },
      ],
    };
  },
});
