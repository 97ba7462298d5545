import type { Nameplate } from '@medkit/core';
import { present } from './present.ts';

/** Formats a nameplate for a reply: the fields that are set, and in `_provenance` the source of each. */
export function nameplateBody({ provenance, extra, ...fields }: Nameplate): Record<string, unknown> {
  return { ...present(fields), ...(extra && { extra }), ...(provenance && { _provenance: provenance }) };
}
