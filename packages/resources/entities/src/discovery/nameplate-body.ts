import type { Nameplate } from '@medkit/core';
import { omitEmpty } from './omit-empty.ts';

/** Formats a nameplate for a reply: the fields that are set, and in `_provenance` the source of each. */
export function nameplateBody({ provenance, extra, ...fields }: Nameplate): Record<string, unknown> {
  return { ...omitEmpty(fields), ...(extra && { extra }), ...(provenance && { _provenance: provenance }) };
}
