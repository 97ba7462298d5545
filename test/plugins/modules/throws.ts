import { definePlugin, PLUGIN_API_VERSION } from '@medkit/plugin';

const fails = (): never => {
  throw new Error('broken');
};

/** A plugin that throws in every call. */
export const plugin = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: 'throws',
  setup: async (context) => {
    context.onEntitiesChange(fails);
    context.onFaultEvent(fails);
    context.onLogEntry(fails);
    const timer = context.clock.every(50, () => context.changed());
    void timer;
    return {
      contribution: async () => fails(),
      providers: { data: { list: async () => fails(), read: async () => fails(), write: async () => fails() } },
      routes: [
        {
          route: {
            method: 'get',
            path: '/x-throws',
            operationId: 'getThrows',
            summary: 'Throws',
            description: 'Throws',
            parameters: [],
            responses: { 200: { description: 'Never' } },
            errors: [],
          },
          handle: async () => fails(),
        },
      ],
      health: async () => fails(),
      stop: async () => fails(),
    };
  },
});
