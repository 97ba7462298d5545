import { SovdError } from '@medkit/contract';
import type { JsonValue } from '../json/json-object.ts';
import type { ConfigurationEntry, ConfigurationProvider } from '../providers/configuration-provider.ts';
import { lookupMember } from './lookup-member.ts';

/** Configurations by native id, then by name. */
export type MemoryConfigurations = Readonly<
  Record<
    string,
    Readonly<Record<string, Pick<ConfigurationEntry, 'type' | 'value'> & Partial<Omit<ConfigurationEntry, 'name'>>>>
  >
>;

/**
 * Creates a configuration provider for tests. It refuses to set a text on a configuration of another type, and to set
 * or reset a read-only one.
 */
export function memoryConfigurations(
  configurations: MemoryConfigurations,
  onCall?: (nativeId: string) => Promise<void> | void,
): ConfigurationProvider {
  const values = new Map<string, JsonValue>();

  const entryOf = (nativeId: string, name: string): ConfigurationEntry => {
    const entry = lookupMember(configurations[nativeId], name);
    if (!entry) throw new SovdError({ code: 'resource-not-found', message: 'Parameter not found' });
    const value = values.get(`${nativeId} ${name}`) ?? entry.value;
    return { name, description: '', readOnly: false, ...entry, value };
  };
  const set = (nativeId: string, name: string, value: JsonValue): ConfigurationEntry => {
    const { type, readOnly } = entryOf(nativeId, name);
    if (readOnly) throw new SovdError({ code: 'x-medkit-ros2-parameter-read-only' });
    if (typeof value === 'string' && type !== 'string') {
      const parameters = { details: `${name} is of type ${type}` };
      throw new SovdError({ code: 'invalid-parameter', message: 'Failed to set parameter', parameters });
    }
    values.set(`${nativeId} ${name}`, value);
    return entryOf(nativeId, name);
  };

  return {
    list: async (nativeId) => {
      await onCall?.(nativeId);
      return Object.keys(configurations[nativeId] ?? {}).map((name) => entryOf(nativeId, name));
    },
    read: async (nativeId, name) => {
      await onCall?.(nativeId);
      return entryOf(nativeId, name);
    },
    write: async (nativeId, name, value) => {
      await onCall?.(nativeId);
      const { value: before } = entryOf(nativeId, name);
      return { ...set(nativeId, name, value), before };
    },
    reset: async (nativeId, name) => {
      await onCall?.(nativeId);
      const { value: before } = entryOf(nativeId, name);
      return { ...set(nativeId, name, configurations[nativeId]?.[name]?.value ?? null), before };
    },
    resetAll: async (nativeId) => {
      await onCall?.(nativeId);
      const entries = Object.keys(configurations[nativeId] ?? {}).map((name) => entryOf(nativeId, name));
      const failed = entries.filter(({ readOnly }) => readOnly);
      const changed = entries
        .filter(({ name }) => values.delete(`${nativeId} ${name}`))
        .map(({ name, value: before }) => ({ ...entryOf(nativeId, name), before }));
      return {
        resetCount: entries.length - failed.length,
        changed,
        failed: failed.map(({ name }) => ({ name, reason: `${name}: read-only` })),
      };
    },
  };
}
