import type { AuditRecordList, AuditVerification, PeerAuditVerification } from '@medkit/contract';
import { plainLine } from '../terminal/display-width.ts';
import { verdictLines } from './verdict-lines.ts';

/** Lines for audit logs of other gateways that could not be read or were rewritten. */
export function missingLines(about: AuditRecordList['x-medkit']): readonly string[] {
  const { failed_peers, rewritten_logs } = about ?? {};
  return [
    ...(failed_peers ?? []).map((name) => `${name}: does not answer, so its audit log is missing from this list`),
    ...(rewritten_logs ?? []).map(
      (name) => `${name}: its audit log was REWRITTEN; run \`audit verify --url <address>\` for details`,
    ),
  ].map(plainLine);
}

/** Lines for the result of the gateway at `url`: its own log and the logs of other gateways. */
export function gatewayVerdictLines(url: string, verdict: AuditVerification): readonly string[] {
  const lines = [verdictLines(url, found(verdict)), ...(verdict.gateways ?? []).map(peerLines)].flat();
  return [...lines.map(plainLine), ...missingLines(verdict['x-medkit'])];
}

/** Returns whether a gateway that answered found a log that was tampered with. */
export function isBroken({ intact, gateways }: AuditVerification): boolean {
  return !intact || (gateways ?? []).some((each) => !each.intact || each.witness?.problem != null);
}

function peerLines({ origin, witness, ...verdict }: PeerAuditVerification): readonly string[] {
  const { problem } = witness ?? {};
  const rewritten = problem == null ? [] : [`${origin}: NOT the log that this gateway saw before: ${problem}`];
  return [...verdictLines(origin, found(verdict)), ...rewritten];
}

function found({ intact, checked, bad_record, problem }: Omit<PeerAuditVerification, 'origin'>) {
  return {
    intact,
    checked,
    ...(bad_record != null && { badSeq: bad_record }),
    ...(problem != null && { problem }),
  };
}
