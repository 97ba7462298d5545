import { systemClock, systemFiles, udpDatagrams, unixStreams } from '@medkit/edges/node';
import { ingestAddress, ingestWriter, openIngestSender, readIngestKey } from '@medkit/ingest';
import { GATE_DECLARATION } from '../gate/gate-declaration.ts';
import { gateReport } from '../gate/gate-report.ts';
import { GATE_SETTINGS } from '../gate/gate-settings.ts';
import { openSafetyGate } from '../gate/safety-gate.ts';
import { joinDomain } from './join-domain.ts';

export interface GateProgram {
  /** Where a gateway listens, such as `udp:127.0.0.1:7799`; without it the gate works all the same and tells nobody. */
  readonly ingest: string | undefined;
  /** A file with the key for that. */
  readonly keyFile: string | undefined;
  /** Cycles a second. */
  readonly rateHz: number;
  readonly onFailure: (where: string, error: unknown) => void;
  /** Takes what is to be closed at the end. */
  readonly resources: AsyncDisposableStack;
}

/** Fewer, and the base would stand between two of them; more, and there is no time left for anything between. */
const MIN_RATE_HZ = 20;
const MAX_RATE_HZ = 1000;

/** The rate that a word gives: a number of cycles a second. Throws where it is none, or not one that the gate can keep. */
export function gateRate(word: string): number {
  const rateHz = Number(word);
  if (rateHz >= MIN_RATE_HZ && rateHz <= MAX_RATE_HZ) return rateHz;
  throw new RangeError(`--rate ${word}: a gate decides ${MIN_RATE_HZ} to ${MAX_RATE_HZ} times a second`);
}

/** Brings the safety gate up, which ends with the robot standing. Throws where its key or its address makes no sense. */
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
  // A session is after the one before it, as the gateway asks for, however often the gate is started.
  const writer = ingestWriter({ session: systemClock.wallNs(), key, declaration: GATE_DECLARATION });
  return gateReport({ writer, sender, settings: GATE_SETTINGS, periodMs });
}

async function readKey(path: string): Promise<Uint8Array> {
  const text = await systemFiles.readText(path, { regularOnly: true });
  if (text === undefined) throw new Error(`there is no key at ${path}`);
  return readIngestKey(text);
}
