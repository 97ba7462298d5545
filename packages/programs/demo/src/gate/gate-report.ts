import type { IngestSender, IngestWriter } from '@medkit/ingest';
import { portsOf, resultsOf } from './gate-declaration.ts';
import type { GateSettings } from './gate-settings.ts';
import type { GateCycle } from './safety-gate.ts';

/** Minimum interval of state messages to the gateway. */
const STATE_PERIOD_MS = 20;
/** Interval of declaration messages, for a gateway that has just started. */
const DECLARATION_PERIOD_MS = 1000;

export interface GateReportOptions {
  readonly writer: IngestWriter;
  readonly sender: Pick<IngestSender, 'send'>;
  readonly settings: GateSettings;
  /** Period of the reported cycles. */
  readonly periodMs: number;
}

/**
 * Reports cycles of the gate to a gateway, at most one per `STATE_PERIOD_MS`, starting with the declaration. Never waits for the
 * gateway: messages that it does not accept are lost.
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
