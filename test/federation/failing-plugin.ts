import { definePlugin, PLUGIN_API_VERSION } from '@medkit/plugin';
import Type from 'typebox';

/** A plugin that reports a new fault every `period_ms` while it runs; 0: never. */
export const plugin = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: 'failing',
  options: Type.Object({ period_ms: Type.Integer({ default: 0, minimum: 0 }) }),
  setup: async ({ name, options, clock, log, reportFault }) => {
    let isOpen = true;
    let reported = 0;
    const begun = clock.wallNs() / 1_000_000n;
    const report = async (): Promise<void> => {
      reported += 1;
      const code = `F${begun}_${reported}`;
      await reportFault({ code, event: 'FAILED', severity: 2, description: `${code} of the crane`, source: name });
      if (isOpen) clock.after(options.period_ms, next);
    };
    const next = (): void => {
      report().catch((error: unknown) => log('error', `Not reported: ${error}`));
    };
    if (options.period_ms > 0) clock.after(options.period_ms, next);
    return {
      contribution: async () => ({
        entities: {
          apps: [{ kind: 'app', id: name, name: 'Crane', source: '', online: true, capabilities: [] }],
        },
      }),
      stop: async () => {
        isOpen = false;
      },
    };
  },
});
