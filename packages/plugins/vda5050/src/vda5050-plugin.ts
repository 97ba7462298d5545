import { SovdError } from '@medkit/contract';
import type { RuntimeHealth } from '@medkit/core';
import type { HttpClient } from '@medkit/edges';
import { definePlugin, PLUGIN_API_VERSION, type Plugin } from '@medkit/plugin';
import Type from 'typebox';
import { FleetDocument } from './fleet-document.ts';
import { agentReader } from './read-agent.ts';

/** Interval at which the plugin checks whether the agent runs, and the time limit of a check. */
const CHECK_MS = 5000;
const CHECK_TIMEOUT_MS = 2000;

const RESOURCE = 'x-medkit-vda5050';

const Options = Type.Object(
  {
    url: Type.String({
      default: 'http://127.0.0.1:8095',
      pattern: '^https?://[^@/]+/?$',
      description: 'Address of the agent: `http` in its file',
    }),
    app: Type.String({ default: 'vda5050_agent', description: 'Id of the app that represents the agent' }),
    component: Type.String({ default: '', description: 'Component on which the app is located; default: none' }),
  },
  { additionalProperties: false },
);

/** Creates the plugin with an HTTP client. */
export function vda5050Plugin({ http }: { readonly http: HttpClient }): Plugin<typeof Options> {
  return definePlugin({
    apiVersion: PLUGIN_API_VERSION,
    name: 'vda5050',
    options: Options,
    setup: async ({ options, clock, changed }) => {
      const { url, app, component } = options;
      const agent = agentReader(url, http);
      let isReachable = false;
      const check = async (): Promise<void> => {
        const before = isReachable;
        isReachable = await agent.isReachable(CHECK_TIMEOUT_MS);
        if (isReachable !== before) changed();
      };
      const timer = clock.every(CHECK_MS, () => void check());
      void check();
      return {
        contribution: async () => ({
          entities: {
            apps: [
              {
                kind: 'app',
                id: app,
                name: 'VDA 5050 agent',
                source: 'vda5050',
                online: isReachable,
                external: true,
                capabilities: [RESOURCE],
                ...(component !== '' && { componentId: component }),
              },
            ],
          },
        }),
        routes: [
          {
            route: {
              method: 'get',
              path: `/apps/{app_id}/${RESOURCE}`,
              operationId: 'getFleetState',
              summary: 'What the fleet control receives',
              description:
                'The connection of the VDA 5050 agent to its broker, and the order, instant actions and errors in the last state that it sent.',
              parameters: [],
              responses: { 200: { description: 'The state', schema: FleetDocument } },
              errors: ['resource-not-found', 'service-unavailable'],
            },
            handle: async ({ path }, { deadlineMs, signal }) => {
              if (path['app_id'] !== app) throw notAgent(path['app_id'] ?? '');
              return { body: await agent.read(Math.max(1, deadlineMs - clock.monotonicMs()), signal) };
            },
          },
        ],
        health: async (): Promise<RuntimeHealth> => ({
          warnings: [],
          blocks: { [RESOURCE]: { url, reachable: isReachable } },
        }),
        stop: async () => timer.cancel(),
      };
    },
  });
}

function notAgent(id: string): SovdError {
  return new SovdError({
    code: 'resource-not-found',
    message: `${id} is not the VDA 5050 agent`,
    parameters: { entity_id: id },
  });
}
