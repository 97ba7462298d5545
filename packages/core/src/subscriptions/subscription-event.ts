import type { JsonValue } from '../json/json-object.ts';

/**
 * An event of a cyclic subscription as clients receive it: the content of the resource, or the error that prevented the
 * read.
 */
export type SubscriptionEvent = {
  /** ISO 8601 in UTC with milliseconds. */
  readonly timestamp: string;
} & (
  | { readonly payload: JsonValue }
  | { readonly error: { readonly error_code: string; readonly message: string; readonly vendor_code?: string } }
);
