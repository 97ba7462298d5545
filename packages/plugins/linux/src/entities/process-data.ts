import { SovdError } from '@medkit/contract';
import type { DataEntry, DataProvider, JsonValue } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { type FactsSources, type ProcessFacts, processFacts } from '../introspection/process-facts.ts';
import type { ProcessRef } from '../proc/proc-folder.ts';
import { ProcReadFailed } from '../proc/proc-read-failed.ts';

/** The data items of a process, from `/proc`; `undefined` if the gateway's user may not read them. */
const ITEMS: Readonly<Record<string, (facts: ProcessFacts) => JsonValue | undefined>> = {
  cpu_percent: (facts) => facts.cpu_percent,
  rss_bytes: (facts) => facts.rss_bytes,
  vm_size_bytes: (facts) => facts.vm_size_bytes,
  threads: (facts) => facts.threads,
  fd_count: (facts) => facts.fd_count,
  io: ({ read_bytes, write_bytes }) =>
    read_bytes !== undefined && write_bytes !== undefined ? { read_bytes, write_bytes } : undefined,
  state: (facts) => facts.state,
  uptime_seconds: (facts) => facts.uptime_seconds,
};

const ENTRIES: readonly DataEntry[] = Object.keys(ITEMS).map((id) => ({ id, name: id, category: 'currentData' }));

export interface ProcessDataOptions extends FactsSources {
  readonly clock: Clock;
  /** Returns the current process of an app of this plugin; `undefined` if there is none. */
  processOf(nativeId: string): ProcessRef | undefined;
}

/** The data of processes that are apps. */
export function processData({ processOf, ...sources }: ProcessDataOptions): DataProvider {
  return {
    list: async (nativeId) => (processOf(nativeId) ? ENTRIES : []),
    read: async (nativeId, dataId) => {
      const item = Object.hasOwn(ITEMS, dataId) ? ITEMS[dataId] : undefined;
      const process = processOf(nativeId);
      if (!item || !process) throw noItem(dataId);
      return {
        id: dataId,
        value: item(await read(sources, process)),
        timestampNs: sources.clock.wallNs(),
        publisherCount: 1,
        subscriberCount: 0,
      };
    },
    write: async (_, dataId) => {
      const message = `${dataId} of a process can only be read`;
      throw new SovdError({ code: 'invalid-request', message, parameters: { id: dataId } });
    },
  };
}

async function read(sources: FactsSources, process: ProcessRef): Promise<ProcessFacts> {
  try {
    return await processFacts(sources, process);
  } catch (error) {
    if (!(error instanceof ProcReadFailed)) throw error;
    throw new SovdError({ code: 'service-unavailable', message: error.message, parameters: { pid: process.id } });
  }
}

function noItem(id: string): SovdError {
  return new SovdError({ code: 'resource-not-found', message: `There is no data item ${id}`, parameters: { id } });
}
