import type { Nameplate } from '@medkit/core';
import { present } from './present.ts';

/** A nameplate on the wire: the fields that are set, and under `_provenance` who gave each. */
export function nameplateBody({ provenance, extra, ...fields }: Nameplate): Record<string, unknown> {
  return { ...present(fields), ...(extra && { extra }), ...(provenance && { _provenance: provenance }) };
}
