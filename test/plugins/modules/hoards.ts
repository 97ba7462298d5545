import { definePlugin, PLUGIN_API_VERSION } from '@medkit/plugin';

/** A plugin that works for a moment and then leaks memory. */
export const plugin = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: 'hoards',
  setup: async (context) => {
    const hoarded: object[] = [];
    const hoard = (): void => {
      for (let count = 0; count < 50_000; count++) hoarded.push({ count, text: `thing ${count}` });
      setTimeout(hoard, 1);
    };
    context.clock.after(500, hoard);
    const app = { kind: 'app', id: context.name, name: '', source: '', online: true } as const;
    return { contribution: async () => ({ entities: { apps: [app] } }) };
  },
});
