import { definePlugin, PLUGIN_API_VERSION, type PluginRoute } from '@medkit/plugin';

/** A route that performs an action shortly after its answer. */
const later = (path: string, operationId: string, act: () => void): PluginRoute => ({
  route: {
    method: 'post',
    path,
    operationId,
    summary: 'Fails a moment later',
    description: 'Fails a moment later',
    parameters: [],
    responses: { 202: { description: 'It will' } },
    errors: [],
  },
  handle: async () => {
    setTimeout(act, 1);
    return { status: 202, body: {} };
  },
});

/** A plugin with uncaught errors. */
export const plugin = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: 'stray',
  setup: async () => ({
    routes: [
      later('/x-stray-error', 'strayError', () => {
        throw new Error('thrown by a timer');
      }),
      later('/x-stray-rejection', 'strayRejection', () => void Promise.reject(new Error('rejected for nobody'))),
    ],
  }),
});
