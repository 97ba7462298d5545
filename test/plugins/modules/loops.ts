import { definePlugin, PLUGIN_API_VERSION } from '@medkit/plugin';
import Type from 'typebox';

/** A plugin that works for a moment and then loops forever. */
export const plugin = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: 'loops',
  options: Type.Object({ after_ms: Type.Integer({ default: 500 }) }),
  setup: async (context) => {
    context.clock.after(context.options.after_ms, () => {
      for (;;) Math.random();
    });
    const app = { kind: 'app', id: context.name, name: '', source: '', online: true } as const;
    return { contribution: async () => ({ entities: { apps: [app] } }) };
  },
});
