import { stringifyJson } from '@medkit/core';
import type { ConfigurationService } from '@medkit/services';
import { Answer } from '../http/answer.ts';
import type { Handlers } from '../http/exchange.ts';

type ConfigurationHandlers = Pick<
  Handlers,
  'listConfigurations' | 'getConfiguration' | 'setConfiguration' | 'deleteConfiguration' | 'deleteAllConfigurations'
>;

/** The handlers of configurations. */
export function configurationHandlers(configurations: ConfigurationService): ConfigurationHandlers {
  return {
    listConfigurations: ({ kind, entityId, call }) => configurations.list(kind, entityId, call()),
    getConfiguration: ({ kind, entityId, path, call }) =>
      configurations.read(kind, entityId, path['config_id'] ?? '', call()),
    setConfiguration: ({ kind, entityId, path, body, call, note }) =>
      configurations.write(kind, entityId, path['config_id'] ?? '', body ?? {}, call(), ({ before, value }) =>
        note({ ...(before !== undefined && { from: stringifyJson(before) }), to: stringifyJson(value) }),
      ),
    deleteConfiguration: async ({ kind, entityId, path, call }) => {
      await configurations.reset(kind, entityId, path['config_id'] ?? '', call());
      return new Answer<never>(204);
    },
    deleteAllConfigurations: async ({ kind, entityId, call }) => {
      const failures = await configurations.resetAll(kind, entityId, call());
      return failures ? new Answer(207, failures) : new Answer<never>(204);
    },
  };
}
