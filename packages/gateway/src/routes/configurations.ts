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
    setConfiguration: ({ kind, entityId, path, body, call }) =>
      configurations.write(kind, entityId, path['config_id'] ?? '', body ?? {}, call()),
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
