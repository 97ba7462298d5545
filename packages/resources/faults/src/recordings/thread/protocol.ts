import type { BagOptions } from '../files/bag.ts';
import type { SampleBlock } from '../files/sample-block.ts';

/** Calls to the thread that writes a recording, one at a time. */
export type BagCall =
  | { readonly name: 'open'; readonly options: BagOptions }
  | { readonly name: 'write'; readonly block: SampleBlock }
  | { readonly name: 'finish'; readonly faultCodes: readonly string[] };

/** Replies, in the order of the calls. */
export type BagAnswer =
  | { readonly value: unknown; readonly error?: undefined }
  /** The error message. */
  | { readonly error: string };
