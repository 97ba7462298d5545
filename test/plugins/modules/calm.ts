import { SovdError } from '@medkit/contract';
import { definePlugin, PLUGIN_API_VERSION } from '@medkit/plugin';
import Type from 'typebox';

/** A plugin that uses everything that plugins can do, correctly. */
export const plugin = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: 'calm',
  options: Type.Object({ unit: Type.String({ default: 'bar' }), factor: Type.Number({ default: 1 }) }),
  setup: async (context) => {
    const counts = { entities: 0, aborted: 0 };
    const { unit, factor } = context.options;
    context.onEntitiesChange(() => {
      counts.entities++;
    });
    return {
      contribution: async () => ({
        entities: {
          apps: [{ kind: 'app', id: context.name, name: 'Calm', source: '', online: true, capabilities: ['x-calm'] }],
        },
      }),
      providers: {
        data: {
          list: async () => [{ id: 'pressure', name: 'Pressure', category: 'currentData' }],
          read: async (_id, dataId, call) => {
            if (dataId === 'slow') {
              await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
              counts.aborted++;
            }
            if (dataId !== 'pressure') throw new SovdError({ code: 'resource-not-found', parameters: { id: dataId } });
            return {
              id: dataId,
              value: { pressure: 3 * factor, unit, exact: 2n ** 62n },
              timestampNs: context.clock.wallNs(),
              publisherCount: 1,
              subscriberCount: 0,
            };
          },
          write: async () => {
            throw new SovdError({ code: 'precondition-not-fulfilled', message: 'The pump is dry' });
          },
        },
      },
      routes: [
        {
          route: {
            method: 'put',
            path: '/apps/{app_id}/x-calm',
            operationId: `putCalm_${context.name.replaceAll('-', '_')}`,
            summary: 'What it has seen',
            description: 'All of it',
            parameters: [],
            body: { schema: Type.Object({ level: Type.Integer() }), description: 'A level', examples: {} },
            responses: { 200: { description: 'It' } },
            errors: [],
          },
          handle: async ({ body }) => {
            const { apps } = await context.entities();
            const health = await context.request({ method: 'GET', path: '/health' });
            const reported = await context.reportFault({
              code: 'PUMP_DRY',
              event: 'FAILED',
              severity: 2,
              description: 'The pump is dry',
              source: context.name,
            });
            const nodes = context.ros ? (await context.ros.graph()).nodes.map(({ fqn }) => fqn) : [];
            return {
              body: {
                ...counts,
                level: (body as { level: number }).level,
                apps: apps.map(({ id }) => id),
                health: health.status,
                reported,
                nodes,
              },
            };
          },
        },
      ],
      health: async () => ({ warnings: [], blocks: { 'x-calm': { level: 7 } } }),
    };
  },
});
