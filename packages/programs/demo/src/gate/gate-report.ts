import type { IngestSender, IngestWriter } from '@medkit/ingest';
import { portsOf, resultsOf } from './gate-declaration.ts';
import type { GateSettings } from './gate-settings.ts';
import type { GateCycle } from './safety-gate.ts';

/** How often a gateway is told the state, at most. */
const STATE_PERIOD_MS = 20;
/** How often it is told what the gate is: one that has just started knows nothing. */
const DECLARATION_PERIOD_MS = 1000;

export interface GateReportOptions {
  readonly writer: IngestWriter;
  readonly sender: Pick<IngestSender, 'send'>;
  readonly settings: GateSettings;
  /** Of the cycles that are told of. */
  readonly periodMs: number;
}

/**
 * Tells a gateway of the cycles of the gate, as often as `STATE_PERIOD_MS` allows, beginning with what the gate is. Nothing waits
 * for the gateway: what it does not take is lost.
 */
export function gateReport({ writer, sender, settings, periodMs }: GateReportOptions): (cycle: GateCycle) => void {
  const every = Math.max(1, Math.round(STATE_PERIOD_MS / periodMs));
  let declaredMs = Number.NEGATIVE_INFINITY;
  return (cycle) => {
    if (cycle.counts.cycles % every !== 0) return;
    const { nowMs } = cycle.inputs;
    const timeUs = BigInt(Math.round(nowMs * 1000));
    if (nowMs - declaredMs >= DECLARATION_PERIOD_MS && sender.send(writer.declaration(timeUs))) declaredMs = nowMs;
    sender.send(writer.state(timeUs, portsOf(cycle, settings), resultsOf(cycle)));
  };
}
