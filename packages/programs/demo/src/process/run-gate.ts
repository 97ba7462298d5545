import { systemClock, systemFiles, udpDatagrams, unixStreams } from '@medkit/edges/node';
import { ingestAddress, ingestWriter, openIngestSender, readIngestKey } from '@medkit/ingest';
import { GATE_DECLARATION } from '../gate/gate-declaration.ts';
import { gateReport } from '../gate/gate-report.ts';
import { GATE_SETTINGS } from '../gate/gate-settings.ts';
import { openSafetyGate } from '../gate/safety-gate.ts';
import { joinDomain } from './join-domain.ts';

export interface GateProgram {
  /** Ingest address of a gateway, such as `udp:127.0.0.1:7799`. Without it the gate works but sends no reports. */
  readonly ingest: string | undefined;
  /** File with the ingest key. */
  readonly keyFile: string | undefined;
  /** Cycles per second. */
  readonly rateHz: number;
  readonly onFailure: (where: string, error: unknown) => void;
  /** Resources that are closed at the end. */
  readonly resources: AsyncDisposableStack;
}

/** Bounds of the rate: slower, the base would stop between cycles; faster, no time is left between cycles. */
const MIN_RATE_HZ = 20;
const MAX_RATE_HZ = 1000;

/** Parses the rate in cycles per second. Throws if it is invalid or out of bounds. */
export function gateRate(word: string): number {
  const rateHz = Number(word);
  if (rateHz >= MIN_RATE_HZ && rateHz <= MAX_RATE_HZ) return rateHz;
  throw new RangeError(`invalid --rate ${word}: must be ${MIN_RATE_HZ} to ${MAX_RATE_HZ} cycles per second`);
}

/** Starts the safety gate, which stops the robot at its end. Throws if its key or address is invalid. */
export async function runGate(program: GateProgram): Promise<void> {
  const { rateHz, onFailure, resources } = program;
  const periodMs = 1000 / rateHz;
  const report = await openReport(program, periodMs);
  const adapter = await joinDomain();
  resources.defer(() => adapter.close());
  const gate = await openSafetyGate({
    adapter,
    clock: systemClock,
    settings: GATE_SETTINGS,
    periodMs,
    onCycle: (cycle) => report?.(cycle),
    onFailure,
  });
  resources.defer(() => gate.close());
}

async function openReport({ ingest, keyFile, resources }: GateProgram, periodMs: number) {
  if (ingest === undefined) return undefined;
  const sender = openIngestSender({
    address: ingestAddress(ingest),
    datagrams: udpDatagrams,
    streams: unixStreams,
    clock: systemClock,
  });
  resources.defer(() => sender.close());
  const key = keyFile === undefined ? undefined : await readKey(keyFile);
  // The start time as session id is higher than that of every earlier session, as the gateway requires.
  const writer = ingestWriter({ session: systemClock.wallNs(), key, declaration: GATE_DECLARATION });
  return gateReport({ writer, sender, settings: GATE_SETTINGS, periodMs });
}

async function readKey(path: string): Promise<Uint8Array> {
  const text = await systemFiles.readText(path, { regularOnly: true });
  if (text === undefined) throw new Error(`cannot read the ingest key: the file ${path} does not exist`);
  return readIngestKey(text);
}
