import type { BagOptions } from '../files/bag.ts';
import type { SampleBlock } from '../files/sample-block.ts';

/** What is asked of the thread that writes a recording, one after the other. */
export type BagCall =
  | { readonly name: 'open'; readonly options: BagOptions }
  | { readonly name: 'write'; readonly block: SampleBlock }
  | { readonly name: 'finish'; readonly faultCodes: readonly string[] };

/** Its answers, in the order of the calls. */
export type BagAnswer =
  | { readonly value: unknown; readonly error?: undefined }
  /** In words. */
  | { readonly error: string };
