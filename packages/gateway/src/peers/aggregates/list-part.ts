import type { JsonFields, JsonValue } from '@medkit/core';
import type { ClockHistory } from '@medkit/peer';

/** The common form of lists. */
export interface ListDocument extends JsonFields {
  readonly items?: JsonValue;
  readonly 'x-medkit'?: JsonValue;
}

/** The list of one gateway. */
export interface ListPart {
  /** `local` for this gateway. */
  readonly origin: string;
  readonly list: ListDocument;
  /** Returns the owner of items without a member name. */
  readonly member?: () => string | undefined;
  /** The clock of its times; the local one unless given. */
  readonly clock?: ClockHistory;
}

/** Returns no items if a peer sends something other than a list. */
export function itemsOf(list: ListDocument): readonly JsonValue[] {
  const { items } = list ?? {};
  return Array.isArray(items) ? items : [];
}
