import { GatewayRefused, GatewayUnreachable } from '../failures.ts';
import type { Sample, SampleRequest } from './sample.ts';

/** Between two reads of data that nobody tells. */
const PERIODS_MS = { fast: 100, normal: 200, slow: 500 } as const;
/** Between two tries to reach a gateway that is away. */
const AGAIN_AFTER_MS = 1000;

/**
 * The values of an item of data by reading it again and again until the signal is aborted; one that is the same as before is left
 * out. A gateway that answered once is waited for where it is away; other failures are thrown.
 */
export async function* polledSamples(request: SampleRequest): AsyncGenerator<Sample> {
  const { client, interval, signal, onPause } = request;
  let last: string | undefined;
  let inVain = 0;
  while (!signal.aborted) {
    try {
      const sample = await read(request);
      if (signal.aborted) return;
      inVain = 0;
      if (sample.text !== last) yield sample;
      last = sample.text;
    } catch (error) {
      if (signal.aborted) return;
      if (last === undefined || !(error instanceof GatewayUnreachable)) throw error;
      inVain += 1;
      onPause?.(AGAIN_AFTER_MS, inVain, error);
    }
    await client.pause(inVain > 0 ? AGAIN_AFTER_MS : PERIODS_MS[interval], signal);
  }
}

async function read({ client, entity, dataId, signal }: SampleRequest): Promise<Sample> {
  try {
    const { text, value } = await client.ask('getDataItem', { entity, path: { data_id: dataId }, signal });
    return value['x-medkit']?.status === 'metadata_only' ? { text, error: 'no value' } : { text, value: value.data };
  } catch (error) {
    if (error instanceof GatewayRefused && error.status >= 500) return { text: error.text, error: error.message };
    throw error;
  }
}
