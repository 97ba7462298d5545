import { definePlugin, PLUGIN_API_VERSION } from '@medkit/plugin';

const never = () => new Promise<never>(() => undefined);

/** A plugin that starts and then never answers. */
export const plugin = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: 'never',
  setup: async () => ({
    contribution: never,
    providers: { data: { list: never, read: never, write: never } },
    routes: [
      {
        route: {
          method: 'get',
          path: '/x-never',
          operationId: 'getNever',
          summary: 'Never',
          description: 'Never',
          parameters: [],
          responses: { 200: { description: 'Never' } },
          errors: [],
        },
        handle: never,
      },
    ],
    health: never,
    stop: never,
  }),
});
