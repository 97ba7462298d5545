import { SovdError } from '@medkit/contract';
import type { RunningNode } from '../entity/contribution.ts';
import type { App, EntityLists, Origin } from '../entity/entity.ts';
import type { FaultEvent } from '../faults/fault-event.ts';
import type { LogRecord } from '../logs/log-entry.ts';
import { abandonedCall } from '../runtime/call-context.ts';
import type {
  DataEntry,
  DataProvider,
  DataSample,
  DataWrite,
  JsonValue,
  RecentValues,
} from '../runtime/data-provider.ts';
import type { LogNaming, Providers, Runtime, RuntimeHealth, RuntimeHost } from '../runtime/runtime.ts';
import { entityLists } from './entities.ts';
import { ownMember } from './own-member.ts';

/** One data item of an entity of a memory runtime. */
export interface MemoryItem extends Partial<Omit<DataEntry, 'id'>> {
  /** Absent: there is no value now. */
  readonly value?: JsonValue;
  readonly publisherCount?: number;
  readonly subscriberCount?: number;
  /** What it keeps of earlier values; absent where it keeps none. */
  readonly past?: RecentValues['values'];
}

export interface MemoryRuntimeOptions extends Partial<EntityLists> {
  readonly name?: string;
  readonly priority?: number;
  /** The gateway that it tells of; this one unless given. */
  readonly origin?: Origin;
  /** It watches a graph, in which each of its apps with a node runs. */
  readonly graph?: boolean;
  /** Items by data id by native id. */
  readonly data?: Readonly<Record<string, Readonly<Record<string, MemoryItem>>>>;
  /** That it records what is logged. */
  readonly records?: LogNaming;
  /** Providers besides the one of its data. */
  readonly providers?: Omit<Providers, 'data'>;
  readonly health?: RuntimeHealth;
  /** Runs before every start; throw in it for a runtime that does not start. */
  readonly onStart?: () => Promise<void> | void;
  /** Runs before every call to a provider; throw in it or never come back for one that is broken. */
  readonly onCall?: (nativeId: string) => Promise<void> | void;
}

/** A runtime for tests: tells and serves what it is given. */
export interface MemoryRuntime extends Runtime {
  readonly running: boolean;
  /** Writes that reached it, in order. */
  readonly written: readonly (DataWrite & { readonly nativeId: string; readonly dataId: string })[];
  /** Items that are watched at the moment, each as often as it is. */
  readonly watched: readonly string[];
  /** Tells a value to everybody who watches the item; reads give the values that it began with. */
  publish(nativeId: string, dataId: string, value: JsonValue, timestampNs?: bigint): void;
  /** Says what happened to a fault, as one that has a fault manager does. */
  announce(event: FaultEvent): void;
  /** Says what was logged, as one that `records` does. */
  record(record: LogRecord): void;
  /** Replaces the entities of the kinds given and says that something changed. */
  tell(lists: Partial<EntityLists>): void;
}

/** When every value of a memory runtime arrived. */
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
  ...told
}: MemoryRuntimeOptions = {}): MemoryRuntime {
  let host: RuntimeHost | undefined;
  let lists = entityLists(told);
  const written: (DataWrite & { nativeId: string; dataId: string })[] = [];
  const watches = new Set<{
    nativeId: string;
    dataId: string;
    onSample: (sample: DataSample) => void | Promise<void>;
  }>();

  const itemOf = (nativeId: string, dataId: string): MemoryItem => {
    const item = ownMember(data[nativeId], dataId) ?? ownMember(data[nativeId], `/${dataId}`);
    if (!item) throw new SovdError({ code: 'resource-not-found', parameters: { id: dataId } });
    return item;
  };

  const keepsPast = Object.values(data).some((items) => Object.values(items).some(({ past }) => past));
  const recent = async (nativeId: string, dataId: string): Promise<RecentValues> => {
    const { past: values = [] } = itemOf(nativeId, dataId);
    return { type: '', values, fromNs: values[0]?.timeNs ?? 0n, keptFor: 'freeze_frames', omitted: 0 };
  };

  const provider: DataProvider = {
    ...(keepsPast && { recent }),
    list: async (nativeId) => {
      await onCall?.(nativeId);
      return Object.entries(data[nativeId] ?? {}).map(
        ([id, { value, publisherCount, subscriberCount, past, ...entry }]) => ({
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
    write: async (nativeId, dataId, write) => {
      await onCall?.(nativeId);
      const { terms } = itemOf(nativeId, dataId);
      written.push({ nativeId, dataId, ...write });
      return { id: dataId, value: write.value, ...(terms && { terms }) };
    },
    watch: async (nativeId, dataId, onSample, { signal }) => {
      await onCall?.(nativeId);
      if (signal.aborted) throw abandonedCall();
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
        if (watch.nativeId !== nativeId || bare(watch.dataId) !== bare(dataId)) continue;
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

/** An item may be asked for without the slash that its id begins with. */
function bare(dataId: string): string {
  return dataId.replace(/^\//, '');
}

function runningNode({ node }: App): readonly RunningNode[] {
  return node === undefined ? [] : [{ name: node, channels: [], internal: false }];
}
