import { GatewayRefused } from '@medkit/client';
import { goesOn } from '../command/stop-signal.ts';
import type { Sample, Watching } from './samples.ts';

/** Between two reads of data that nobody tells. */
const PERIODS_MS = { fast: 100, normal: 200, slow: 500 } as const;

/** The values of an item of data by reading it again and again; one that is the same as before is left out. */
export async function* polledSamples({ client, entity, dataId, interval, signal }: Watching): AsyncGenerator<Sample> {
  let last: string | undefined;
  do {
    const sample = await read();
    if (signal.aborted) return;
    if (sample && sample.text !== last) {
      last = sample.text;
      yield sample;
    }
  } while (await goesOn(PERIODS_MS[interval], signal));

  async function read(): Promise<Sample | undefined> {
    try {
      const { text, value } = await client.ask('getDataItem', { entity, path: { data_id: dataId }, signal });
      return value['x-medkit']?.status === 'metadata_only' ? { text, error: 'no value' } : { text, value: value.data };
    } catch (error) {
      if (signal.aborted) return undefined;
      if (error instanceof GatewayRefused && error.status >= 500) return { text: error.text, error: error.message };
      throw error;
    }
  }
}
