import { errorMessage, type LogReader, type RuntimeHealth } from '@medkit/core';
import type { HttpClient } from '@medkit/edges';
import { definePlugin, PLUGIN_API_VERSION, type Plugin } from '@medkit/plugin';
import { LokiOptions } from './loki-options.ts';
import { lokiReader } from './loki-reader.ts';

export interface LokiDependencies {
  readonly http: HttpClient;
  readonly machineName: string;
}

/** Throws if the URL is invalid, without revealing its content, which may be secret. */
function assertAddress(url: string): void {
  const { protocol = '', username = '' } = URL.canParse(url) ? new URL(url) : {};
  if (protocol !== 'http:' && protocol !== 'https:') throw new Error('its url is not an http or https address');
  if (username !== '') throw new Error('its url has a user: put "Authorization: Basic …" into headers');
}

/** Creates the plugin with an HTTP client. */
export function lokiPlugin({ http, machineName }: LokiDependencies): Plugin<typeof LokiOptions> {
  return definePlugin({
    apiVersion: PLUGIN_API_VERSION,
    name: 'loki',
    options: LokiOptions,
    setup: async ({ options, clock, entities }) => {
      const { url } = options;
      assertAddress(url);
      const robot = async () => ({ robot: options.robot || machineName, apps: (await entities()).apps });
      const reader = lokiReader({ options, http, clock, robot });
      let problem: string | undefined;
      const logs: LogReader = {
        list: async (...args) => {
          try {
            const entries = await reader.list(...args);
            problem = undefined;
            return entries;
          } catch (error) {
            problem = errorMessage(error);
            throw error;
          }
        },
      };
      const health = async (): Promise<RuntimeHealth> => {
        const warnings = problem === undefined ? [] : [{ code: 'loki_unreadable', message: problem }];
        return { warnings, blocks: { 'x-medkit-loki': { url: new URL(url).origin, readable: problem === undefined } } };
      };
      return { logs, health };
    },
  });
}
