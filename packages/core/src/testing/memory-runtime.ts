import { SovdError } from '@medkit/contract';
import type { RunningNode } from '../entity/contribution.ts';
import type { App, EntityLists, Origin } from '../entity/entity.ts';
import type { FaultEvent } from '../faults/fault-event.ts';
import type { JsonValue } from '../json/json-object.ts';
import type { LogRecord } from '../logs/log-entry.ts';
import { abandonedCallError } from '../providers/call-context.ts';
import type {
  DataEntry,
  DataPicture,
  DataProvider,
  DataSample,
  DataWrite,
  RecentValues,
} from '../providers/data-provider.ts';
import type { LogNaming, Providers, Runtime, RuntimeHealth, RuntimeHost } from '../runtime/runtime.ts';
import { entityLists } from './entities.ts';
import { lookupMember } from './lookup-member.ts';

/** A data item of a memory runtime. */
export interface MemoryItem extends Partial<Omit<DataEntry, 'id'>> {
  /** Absent if the item has no value now. */
  readonly value?: JsonValue;
  readonly publisherCount?: number;
  readonly subscriberCount?: number;
  /** The value as a picture, if it is an image. */
  readonly picture?: DataPicture;
  /** Stored earlier values; absent if the runtime stores none. */
  readonly past?: RecentValues['values'];
}

export interface MemoryRuntimeOptions extends Partial<EntityLists> {
  readonly name?: string;
  readonly priority?: number;
  /** The gateway whose entities it reports. Default: this gateway. */
  readonly origin?: Origin;
  /** Whether it represents a graph in which every app with a node runs. */
  readonly graph?: boolean;
  /** Items by native id, then by data id. */
  readonly data?: Readonly<Record<string, Readonly<Record<string, MemoryItem>>>>;
  /** Whether the runtime reports log records. */
  readonly records?: LogNaming;
  /** Providers in addition to the data provider. */
  readonly providers?: Omit<Providers, 'data'>;
  readonly health?: RuntimeHealth;
  /** Runs before every start. Throw in it to simulate a runtime that does not start. */
  readonly onStart?: () => Promise<void> | void;
  /** Runs before every call to the data provider. To simulate a broken provider, throw in it or never resolve. */
  readonly onCall?: (nativeId: string) => Promise<void> | void;
}

/** A runtime for tests that reports and serves what it is given. */
export interface MemoryRuntime extends Runtime {
  readonly running: boolean;
  /** Writes that reached the runtime, in order. */
  readonly written: readonly (DataWrite & { readonly nativeId: string; readonly dataId: string })[];
  /** Data ids of the open watches; an item appears once per watch. */
  readonly watched: readonly string[];
  /** Sends a value to all watches of the item. Reads still return the initial value. */
  publish(nativeId: string, dataId: string, value: JsonValue, timestampNs?: bigint): void;
  /** Reports a fault event, like a runtime with a fault manager. */
  announce(event: FaultEvent): void;
  /** Reports a log record, like a runtime that sets `records`. */
  record(record: LogRecord): void;
  /** Replaces the entities of the given kinds and signals a change. */
  tell(lists: Partial<EntityLists>): void;
}

/** Arrival time of every value of a memory runtime. */
export const MEMORY_TIMESTAMP_NS = 1_767_225_600_000_000_000n;

export function memoryRuntime({
  name = 'memory',
  priority = 0,
  origin,
  graph = false,
  data = {},
  records,
  providers = {},
  health = { warnings: [], blocks: {} },
  onStart,
  onCall,
  ...entities
}: MemoryRuntimeOptions = {}): MemoryRuntime {
  let host: RuntimeHost | undefined;
  let lists = entityLists(entities);
  const written: (DataWrite & { nativeId: string; dataId: string })[] = [];
  const watches = new Set<{
    nativeId: string;
    dataId: string;
    onSample: (sample: DataSample) => void | Promise<void>;
  }>();

  const itemOf = (nativeId: string, dataId: string): MemoryItem => {
    const item = lookupMember(data[nativeId], dataId) ?? lookupMember(data[nativeId], `/${dataId}`);
    if (!item) throw new SovdError({ code: 'resource-not-found', parameters: { id: dataId } });
    return item;
  };

  const keepsPast = Object.values(data).some((items) => Object.values(items).some(({ past }) => past));
  const recent = async (nativeId: string, dataId: string): Promise<RecentValues> => {
    const { past: values = [] } = itemOf(nativeId, dataId);
    return { type: '', values, fromNs: values[0]?.timeNs ?? 0n, storedFor: 'freeze_frames', omitted: 0 };
  };

  const provider: DataProvider = {
    ...(keepsPast && { recent }),
    list: async (nativeId) => {
      await onCall?.(nativeId);
      return Object.entries(data[nativeId] ?? {}).map(
        ([id, { value, publisherCount, subscriberCount, past, picture, ...entry }]) => ({
          id,
          name: id,
          category: 'currentData',
          ...entry,
        }),
      );
    },
    read: async (nativeId, dataId) => {
      await onCall?.(nativeId);
      const { value, publisherCount = 1, subscriberCount = 0, channel, terms, typeInfo } = itemOf(nativeId, dataId);
      return {
        id: dataId,
        value,
        timestampNs: MEMORY_TIMESTAMP_NS,
        publisherCount,
        subscriberCount,
        ...(channel?.type !== undefined && { type: channel.type }),
        ...(terms && { terms }),
        ...(typeInfo && { typeInfo }),
      };
    },
    picture: async (nativeId, dataId) => {
      const { picture } = itemOf(nativeId, dataId);
      if (!picture) throw new SovdError({ code: 'precondition-not-fulfilled' });
      return picture;
    },
    write: async (nativeId, dataId, write) => {
      await onCall?.(nativeId);
      const { terms } = itemOf(nativeId, dataId);
      written.push({ nativeId, dataId, ...write });
      return { id: dataId, value: write.value, ...(terms && { terms }) };
    },
    watch: async (nativeId, dataId, onSample, { signal }) => {
      await onCall?.(nativeId);
      if (signal.aborted) throw abandonedCallError();
      const watch = { nativeId, dataId, onSample };
      watches.add(watch);
      return { close: async () => void watches.delete(watch) };
    },
  };

  return {
    name,
    ...(origin && { origin }),
    ...(records && { records }),
    providers: { ...providers, data: provider },
    written,
    get watched() {
      return [...watches].map(({ dataId }) => dataId);
    },
    publish: (nativeId, dataId, value, timestampNs = MEMORY_TIMESTAMP_NS) => {
      for (const watch of [...watches]) {
        if (watch.nativeId !== nativeId || withoutSlash(watch.dataId) !== withoutSlash(dataId)) continue;
        void watch.onSample({ value, timestampNs });
      }
    },
    get running() {
      return host !== undefined;
    },
    start: async (by) => {
      await onStart?.();
      host = by;
    },
    stop: async () => {
      host = undefined;
    },
    contribution: () => ({
      runtime: name,
      priority,
      ...(graph && { nodes: lists.apps.flatMap(runningNode) }),
      ...lists,
    }),
    health: async () => health,
    announce: (event) => host?.faultChanged(event),
    record: (record) => host?.record(record),
    tell: (next) => {
      lists = { ...lists, ...next };
      host?.changed();
    },
  };
}

/** Removes the leading slash: clients may request an item without it. */
function withoutSlash(dataId: string): string {
  return dataId.replace(/^\//, '');
}

function runningNode({ node }: App): readonly RunningNode[] {
  return node === undefined ? [] : [{ name: node, channels: [], internal: false }];
}
