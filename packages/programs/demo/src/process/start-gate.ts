import type { Environment } from './demo-environment.ts';
import { type DemoProcess, startDemoProcess } from './demo-process.ts';

export interface GateProcessOptions {
  readonly domainId: number;
  readonly environment: Environment;
  /** Ingest address of the gateway, `udp:127.0.0.1:<port>` or `unix:/<path>`, and a file with its key. */
  readonly ingest?: { readonly address: string; readonly keyFile?: string };
  /** Cycles per second, 20 to 1000 (default 100). */
  readonly rateHz?: number;
}

/** A running safety gate. */
export interface RunningGate extends Omit<DemoProcess, 'ready'> {
  /** Resolves when its node runs and it makes decisions; rejects with `DemoFailed`. */
  readonly ready: Promise<void>;
}

/**
 * Starts the safety gate of a robot (`DemoOptions.gate`) in a separate process, which ends with this one, even if this one is
 * killed. The robot stops half a second after the gate has exited.
 */
export function startGate({ domainId, environment, ingest, rateHz }: GateProcessOptions): RunningGate {
  const args = ['gate'];
  if (ingest !== undefined) args.push('--ingest', ingest.address);
  if (ingest?.keyFile !== undefined) args.push('--key', ingest.keyFile);
  if (rateHz !== undefined) args.push('--rate', String(rateHz));
  const { ready, ...gate } = startDemoProcess({ args, domainId, environment });
  const decides = ready.then(() => undefined);
  // The caller may await other parts first.
  decides.catch(() => undefined);
  return { ...gate, ready: decides };
}
