import type { Environment } from './demo-environment.ts';
import { type DemoProcess, startDemoProcess } from './demo-process.ts';

export interface GateProcessOptions {
  readonly domainId: number;
  readonly environment: Environment;
  /** The gateway that is told of the gate: `udp:127.0.0.1:<port>` or `unix:/<path>`, and a file with the key for it. */
  readonly ingest?: { readonly address: string; readonly keyFile?: string };
  /** Cycles a second, 20 to 1000 (default 100). */
  readonly rateHz?: number;
}

/** The safety gate as it runs. */
export interface RunningGate extends Omit<DemoProcess, 'ready'> {
  /** Resolves when its node is up and it decides; rejects with `DemoFailed`. */
  readonly ready: Promise<void>;
}

/**
 * Starts the safety gate of a robot (`DemoOptions.gate`) in a process of its own, which ends when this one does, however that
 * happens. The robot stands half a second after the gate has gone.
 */
export function startGate({ domainId, environment, ingest, rateHz }: GateProcessOptions): RunningGate {
  const words = ['gate'];
  if (ingest !== undefined) words.push('--ingest', ingest.address);
  if (ingest?.keyFile !== undefined) words.push('--key', ingest.keyFile);
  if (rateHz !== undefined) words.push('--rate', String(rateHz));
  const { ready, ...gate } = startDemoProcess({ words, domainId, environment });
  const decides = ready.then(() => undefined);
  // Whoever starts it may wait for others first.
  decides.catch(() => undefined);
  return { ...gate, ready: decides };
}
