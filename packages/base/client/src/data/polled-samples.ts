import { GatewayRefused, GatewayUnreachable } from '../failures.ts';
import type { Sample, SampleRequest } from './sample.ts';

/** Interval between two reads in polling mode. */
const PERIODS_MS = { fast: 100, normal: 200, slow: 500 } as const;
/** Pause before the next attempt while the gateway is unreachable. */
const AGAIN_AFTER_MS = 1000;

/**
 * Polls an item of data until the signal is aborted and yields its values. Skips a value that equals the previous one.
 * If the gateway becomes unreachable after its first answer, keeps trying; throws every other error.
 */
export async function* polledSamples(request: SampleRequest): AsyncGenerator<Sample> {
  const { client, interval, signal, onPause } = request;
  let last: string | undefined;
  let failedAttempts = 0;
  while (!signal.aborted) {
    try {
      const sample = await read(request);
      if (signal.aborted) return;
      failedAttempts = 0;
      if (sample.text !== last) yield sample;
      last = sample.text;
    } catch (error) {
      if (signal.aborted) return;
      if (last === undefined || !(error instanceof GatewayUnreachable)) throw error;
      failedAttempts += 1;
      onPause?.(AGAIN_AFTER_MS, failedAttempts, error);
    }
    await client.pause(failedAttempts > 0 ? AGAIN_AFTER_MS : PERIODS_MS[interval], signal);
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
