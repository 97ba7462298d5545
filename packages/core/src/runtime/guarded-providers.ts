import type { CallContext } from './call-context.ts';
import type { DataProvider } from './data-provider.ts';
import type { Providers } from './runtime.ts';

/** What every call to a provider goes through. */
export type Gate = <T>(nativeId: string, call: CallContext, work: (call: CallContext) => Promise<T>) => Promise<T>;

/** `providers` with `gate` before every call. */
export function guardedProviders(providers: Providers, gate: Gate): Providers {
  return { ...(providers.data && { data: guardedData(providers.data, gate) }) };
}

function guardedData(data: DataProvider, gate: Gate): DataProvider {
  return {
    list: (nativeId, call) => gate(nativeId, call, (guarded) => data.list(nativeId, guarded)),
    read: (nativeId, dataId, call) => gate(nativeId, call, (guarded) => data.read(nativeId, dataId, guarded)),
    write: (nativeId, dataId, write, call) =>
      gate(nativeId, call, (guarded) => data.write(nativeId, dataId, write, guarded)),
  };
}
