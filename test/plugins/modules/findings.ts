import { SovdError } from '@medkit/contract';
import type { JsonValue } from '@medkit/core';
import { definePlugin, PLUGIN_API_VERSION, type PluginRoute } from '@medkit/plugin';

const MARKUP = '<img src=x onerror=alert(1)>';
const TURNED = '\u202Egnp.elif';

/** Answers of the vendor resources of the app, by name. */
const READERS: Readonly<Record<string, (reads: number) => JsonValue>> = {
  'x-press-report': (reads) => ({
    reads,
    exact: 2n ** 62n,
    serial: '',
    owners: ['line 1', 'line 2'],
    [MARKUP]: TURNED,
    note: `long ${'x'.repeat(2000)}`,
    limits: { max_bar: 6.5, sensor: { type: 'analog' } },
  }),
  'x-press-strokes': () => ({
    items: Array.from({ length: 130 }, (_, at) => ({ stroke: at, bar: at / 8, ok: at % 9 > 0 })),
  }),
  'x-press-idle': () => ({}),
  'x-press-locked': () => {
    throw new SovdError({ code: 'insufficient-access-rights', message: 'Only the press may read it' });
  },
  'x-press-busy': () => {
    throw new SovdError({ code: 'service-unavailable', message: 'The press counts its strokes' });
  },
};

function routeOf(name: string): PluginRoute {
  let reads = 0;
  return {
    route: {
      method: 'get',
      path: `/apps/{app_id}/${name}`,
      operationId: `get_${name.replaceAll('-', '_')}`,
      summary: name,
      description: name,
      parameters: [],
      responses: { 200: { description: name } },
      errors: ['insufficient-access-rights', 'service-unavailable'],
    },
    handle: async () => {
      reads += 1;
      return { body: READERS[name]!(reads) };
    },
  };
}

/** A plugin with vendor resources of every shape: readable, refused, unavailable, and announced without a route. */
export const plugin = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: 'findings',
  setup: async () => ({
    contribution: async () => ({
      entities: {
        apps: [
          {
            kind: 'app',
            id: 'press',
            name: 'Press',
            source: '',
            online: true,
            capabilities: [...Object.keys(READERS), 'x-press-missing', `x-${MARKUP}`],
          },
          { kind: 'app', id: 'lamp', name: 'Lamp', source: '', online: true },
        ],
      },
    }),
    routes: Object.keys(READERS).map(routeOf),
  }),
});
