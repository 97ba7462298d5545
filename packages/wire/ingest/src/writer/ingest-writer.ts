import type { Declaration } from '../declaration/declaration.ts';
import { layoutOf } from '../declaration/declared-layout.ts';
import { readDeclaration } from '../declaration/read-declaration.ts';
import { FAULT_RESULTS, type FaultResult } from '../message/fault-result.ts';
import {
  HEADER,
  KIND,
  MAC_BYTES,
  MAGIC,
  MAX_DECLARATION_BYTES,
  MAX_MESSAGE_BYTES,
  STATE,
  VALUE_BYTES,
  VERSION,
} from '../message/layout.ts';
import { writePortValue } from '../message/port-value.ts';
import { sealedMemory } from '../message/sealed-memory.ts';

/** Creates the messages of one session. The returned memory is reused for the next message. */
export interface IngestWriter {
  /** Returns the declaration, to be sent first and then about once a second. `timeUs`: monotonic, microseconds. */
  declaration(timeUs: bigint): Uint8Array;
  /**
   * Returns the state of every port and fault, in the order of the declaration. The writer counts how often each result
   * becomes failed. Throws a `RangeError` if the numbers differ from the declaration.
   */
  state(timeUs: bigint, ports: readonly (number | bigint | boolean)[], results: readonly FaultResult[]): Uint8Array;
}

export interface IngestWriterOptions {
  /** Greater than that of every earlier session. */
  readonly session: bigint;
  readonly key: Uint8Array | undefined;
  readonly declaration: Declaration;
}

/** A session of this writer has a single declaration. */
const REVISION = 1;

/** Creates a writer for one session. Throws if a receiver would not accept the declaration. */
export function ingestWriter({ session, key, declaration }: IngestWriterOptions): IngestWriter {
  const read = readDeclaration(declaration);
  if ('problem' in read) throw new RangeError(read.problem);
  const json = new TextEncoder().encode(JSON.stringify(declaration));
  if (json.length > MAX_DECLARATION_BYTES) {
    throw new RangeError(`the declaration has ${json.length} octets: at most ${MAX_DECLARATION_BYTES} are allowed`);
  }
  const { portTypes, faults } = layoutOf(read.declaration);
  const { octets, view, seal } = sealedMemory(key, MAX_MESSAGE_BYTES);
  const faultsAt = STATE.values + portTypes.length * VALUE_BYTES;
  const stateEnd = faultsAt + faults * VALUE_BYTES;
  const declarationEnd = HEADER.octets + json.length;
  const stateMessage = octets.subarray(0, stateEnd + MAC_BYTES);
  const declarationMessage = octets.subarray(0, declarationEnd + MAC_BYTES);
  const last: FaultResult[] = Array.from({ length: faults }, () => 'untested');
  const occurrences = new Uint32Array(faults);
  let sequence = 0n;
  view.setUint32(HEADER.magic, MAGIC, true);
  view.setUint8(HEADER.version, VERSION);
  view.setUint16(HEADER.revision, REVISION, true);
  view.setBigUint64(HEADER.session, session, true);

  function writeHeader(kind: number, timeUs: bigint): void {
    sequence += 1n;
    view.setUint8(HEADER.kind, kind);
    view.setBigUint64(HEADER.sequence, sequence, true);
    view.setBigUint64(HEADER.timeUs, timeUs, true);
  }

  function writeFault(at: number, result: FaultResult): void {
    if (result === 'failed' && last[at] !== 'failed') occurrences[at]! += 1;
    last[at] = result;
    const offset = faultsAt + at * VALUE_BYTES;
    view.setUint32(offset, FAULT_RESULTS.indexOf(result), true);
    view.setUint32(offset + 4, occurrences[at]!, true);
  }

  return {
    declaration(timeUs) {
      writeHeader(KIND.declaration, timeUs);
      octets.set(json, HEADER.octets);
      seal(declarationEnd);
      return declarationMessage;
    },
    state(timeUs, ports, results) {
      if (ports.length !== portTypes.length || results.length !== faults) {
        throw new RangeError(
          `expected ${portTypes.length} ports and ${faults} faults, found ${ports.length} and ${results.length}`,
        );
      }
      for (let at = 0; at < portTypes.length; at += 1) {
        writePortValue(view, STATE.values + at * VALUE_BYTES, portTypes[at]!, ports[at]!);
      }
      writeHeader(KIND.state, timeUs);
      view.setUint16(STATE.ports, portTypes.length, true);
      view.setUint16(STATE.faults, faults, true);
      view.setUint32(STATE.zero, 0, true);
      for (let at = 0; at < faults; at += 1) writeFault(at, results[at]!);
      seal(stateEnd);
      return stateMessage;
    },
  };
}
