import { SovdError } from '@medkit/contract';
import type { DataEntry, DataProvider, DataReading, DataSample, NativeTerms } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { IndexedPort, Layout } from '../declared/layout.ts';
import type { PortMemory } from './port-memory.ts';

const SCHEMAS = { float64: { type: 'number' }, int64: { type: 'integer' }, bool: { type: 'boolean' } } as const;
const FIRST_VALUES = { float64: 0, int64: 0, bool: false } as const;

/** Current state of the ports. */
export interface PortsState {
  /** Absent until a declaration is received. */
  readonly layout: Layout | undefined;
  readonly memory: PortMemory | undefined;
  /** Why the values are stale. */
  readonly staleReason: string | undefined;
}

export interface PortData extends DataProvider {
  /** Called with every state, after its ports are stored in memory. */
  received(): void;
}

/** A watcher of a port; skips values while it is processing the last one. */
interface Watcher {
  readonly at: number;
  readonly onSample: (sample: DataSample) => void | Promise<void>;
  isBusy: boolean;
}

/** The ports of an island as the data of its apps: readable and watchable, not writable. */
export function portData(current: () => PortsState, clock: Clock): PortData {
  const watchers = new Set<Watcher>();
  const sampleOf = ({ at, port }: Pick<IndexedPort, 'at' | 'port'>): DataSample | undefined => {
    const { memory } = current();
    const value = memory?.value(at);
    if (value === undefined || memory?.receivedNs === undefined) return undefined;
    return { value, timestampNs: memory.receivedNs, type: port.type };
  };
  const found = (nativeId: string, id: string): IndexedPort => {
    const port = current()
      .layout?.portsOf(nativeId)
      .find((each) => each.port.id === id);
    if (!port) throw new SovdError({ code: 'resource-not-found', message: `${nativeId} has no port ${id}` });
    return port;
  };
  return {
    list: async (nativeId) => (current().layout?.portsOf(nativeId) ?? []).map(entryOf),
    read: async (nativeId, id) => {
      const indexed = found(nativeId, id);
      const { memory, staleReason } = current();
      const sample = sampleOf(indexed);
      return {
        id,
        value: sample?.value,
        timestampNs: sample?.timestampNs ?? clock.wallNs(),
        publisherCount: sample && staleReason === undefined ? 1 : 0,
        subscriberCount: 0,
        type: indexed.port.type,
        terms: { island: { ...termsOf(indexed), time_us: sample ? (memory?.timeUs ?? null) : null } },
        ...(sample && staleReason !== undefined && { warnings: [`The value is outdated: ${staleReason}`] }),
      } satisfies DataReading;
    },
    write: async (_, id) => {
      const message = `${id} cannot be written: a gateway only observes a safety runtime`;
      throw new SovdError({ code: 'invalid-request', message });
    },
    watch: async (nativeId, id, onSample) => {
      const indexed = found(nativeId, id);
      const watcher: Watcher = { at: indexed.at, onSample, isBusy: false };
      watchers.add(watcher);
      return { kept: async () => sampleOf(indexed), close: async () => void watchers.delete(watcher) };
    },
    received: () => {
      if (watchers.size === 0) return;
      const { layout } = current();
      for (const watcher of watchers) {
        const indexed = layout?.ports[watcher.at];
        const sample = indexed && sampleOf(indexed);
        if (sample && !watcher.isBusy) notify(watcher, sample);
      }
    },
  };
}

/** Watchers never reject; they handle their own errors. */
function notify(watcher: Watcher, sample: DataSample): void {
  const taken = watcher.onSample(sample);
  if (!taken) return;
  watcher.isBusy = true;
  void taken.finally(() => {
    watcher.isBusy = false;
  });
}

function entryOf(indexed: IndexedPort): DataEntry {
  const { id, name, type } = indexed.port;
  return {
    id,
    name: name ?? id,
    category: 'currentData',
    terms: { island: termsOf(indexed) },
    typeInfo: { schema: SCHEMAS[type], default_value: FIRST_VALUES[type] as never },
  };
}

/** Returns the declared properties of a port. */
function termsOf({ port: { type, unit, role, of, label, blocks_motion } }: IndexedPort): NativeTerms {
  return {
    type,
    ...(unit !== undefined && { unit }),
    ...(role !== undefined && { role }),
    ...(of !== undefined && { of }),
    ...(label !== undefined && { label }),
    ...(blocks_motion !== undefined && { blocks_motion }),
  };
}
