import type { DataProvider, DataWatch } from '../providers/data-provider.ts';

/** A data provider whose watches end when its runtime stops. */
export interface ClosableWatches {
  readonly provider: DataProvider;
  /** Closes all watches. No sample is delivered once `end` has been called. */
  end(): Promise<void>;
}

/** Wraps `data` and tracks its watches, so that subscribers need not detect that the runtime has stopped. */
export function closableWatches(data: DataProvider): ClosableWatches {
  const open = new Set<DataWatch>();
  let ended = false;
  const { watch, arrivals } = data;
  if (!watch) return { provider: data, end: async () => undefined };
  const tracked = async (watched: DataWatch): Promise<DataWatch> => {
    if (ended) {
      await watched.close();
      return watched;
    }
    open.add(watched);
    return {
      ...(watched.kept && { kept: () => watched.kept?.() ?? Promise.resolve(undefined) }),
      close: async () => {
        if (open.delete(watched)) await watched.close();
      },
    };
  };
  const known: DataProvider['watch'] = async (nativeId, dataId, onSample, call) =>
    tracked(await watch(nativeId, dataId, (sample) => (ended ? undefined : onSample(sample)), call));
  const counted: DataProvider['arrivals'] =
    arrivals &&
    (async (nativeId, dataId, onArrival, call) =>
      tracked(await arrivals(nativeId, dataId, (atMs) => (ended ? undefined : onArrival(atMs)), call)));
  return {
    provider: { ...data, watch: known, ...(counted && { arrivals: counted }) },
    end: async () => {
      ended = true;
      const left = [...open];
      open.clear();
      await Promise.all(left.map((watched) => watched.close()));
    },
  };
}
