import type { JsonValue } from '../runtime/data-provider.ts';

/** What a cyclic subscription tells at a moment, as clients get it: what the resource holds, or why that is not known. */
export type SubscriptionEvent = {
  /** ISO 8601 in UTC with milliseconds. */
  readonly timestamp: string;
} & (
  | { readonly payload: JsonValue }
  | { readonly error: { readonly error_code: string; readonly message: string; readonly vendor_code?: string } }
);
