import type { FleetEvidence } from '@medkit/contract';
import { formatSize } from '../recordings/format-size.ts';
import { t } from './texts.ts';

/** Returns the size of a file, with the stored part while it is incomplete; empty if it is unknown. */
export function sizeText({ state, stored_bytes: stored, size_bytes: size }: FleetEvidence): string {
  if (size == null) return stored > 0 ? formatSize(stored) : '';
  return state !== 'kept' && stored > 0 ? t.partOf(formatSize(stored), formatSize(size)) : formatSize(size);
}

/** The state of evidence as shape, colour and text. */
export function EvidenceState({ evidence: { state, pinned, reason } }: { readonly evidence: FleetEvidence }) {
  return (
    <span title={reason ?? undefined}>
      <span className={`evidence-state evidence-is-${state}`}>{t.states[state]}</span>
      {pinned && <span className="chip evidence-pinned">{t.pinned}</span>}
    </span>
  );
}
