import { shortened } from '@medkit/contract';
import { type ConfigurationChange, type JsonValue, type NamedChange, stringifyJson } from '@medkit/core';
import { type ConfigurationService, HIDDEN_VALUE, isSecretName } from '@medkit/entities';
import { Answer, done } from '../http/answer.ts';
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
      configurations.write(kind, entityId, path['config_id'] ?? '', body ?? {}, call(), (change) =>
        note(noteOf(path['config_id'] ?? '', change)),
      ),
    deleteConfiguration: async ({ kind, entityId, path, call, note }) => {
      const { config_id: id = '' } = path;
      await configurations.reset(kind, entityId, id, call(), (change) => note(noteOf(id, change)));
      return done();
    },
    deleteAllConfigurations: async ({ kind, entityId, call, note }) => {
      const failures = await configurations.resetAll(kind, entityId, call(), (changes) => note(notesOf(changes)));
      return failures ? new Answer(207, failures) : done();
    },
  };
}

/** Maximum characters of each value in a note with two values: the audit log truncates notes at 256. */
const MAX_NOTED_VALUE = 120;

/** Returns the audit note of a change. */
function noteOf(name: string, { before, value }: ConfigurationChange): Readonly<Record<string, string>> {
  const text = (of: JsonValue) => (isSecretName(name) ? HIDDEN_VALUE : stringifyJson(of));
  return { ...(before !== undefined && { from: text(before) }), to: text(value) };
}

/** Returns the audit notes of several changes: their number, and the values of as many as fit into the record. */
function notesOf(changes: readonly NamedChange[]): Readonly<Record<string, string>> {
  if (changes.length === 0) return {};
  const values = changes.map(({ name, before, value }) => [
    `changed:${name}`,
    before === undefined ? noted(name, value) : `${noted(name, before)} → ${noted(name, value)}`,
  ]);
  return { changed: String(changes.length), ...Object.fromEntries(values) };
}

function noted(name: string, value: JsonValue): string {
  if (isSecretName(name)) return HIDDEN_VALUE;
  return shortened(stringifyJson(value), MAX_NOTED_VALUE);
}
