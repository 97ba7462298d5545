import { SimulatedClock } from '@medkit/edges/testing';
import type { PlcLink } from '@medkit/opcua';
import { OptionReader } from '@medkit/plugin';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';
import { memoryNamespaceStore, type NamespaceStore } from '../namespaces/namespace-store.ts';
import { readNodeMap } from '../node-map/read-node-map.ts';
import { readPlcOptions } from '../options/plc-options.ts';
import { Plc } from '../plc/plc.ts';
import { MemoryPlc } from './memory-plc.ts';

export interface LonePlcOptions {
  readonly map: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Prepares the server before it is connected. */
  readonly prepare?: (server: MemoryPlc) => void;
  readonly isUp?: boolean;
  /** Wraps the link to the server. */
  readonly wrap?: (server: MemoryPlc) => PlcLink;
  readonly onSettled?: (plc: Plc) => void;
  readonly namespaceStore?: NamespaceStore;
}

/** Runs a PLC without the plugin, and records its reports. */
export function lonePlc(setup: LonePlcOptions) {
  const { map, options = {}, prepare, isUp = true, wrap, onSettled, namespaceStore = memoryNamespaceStore() } = setup;
  const clock = new SimulatedClock();
  const server = new MemoryPlc(clock, { isUp });
  prepare?.(server);
  const signals: AlarmSignal[] = [];
  const connections: (string | undefined)[] = [];
  const lines: string[] = [];
  const plc: Plc = new Plc({
    options: readPlcOptions('', new OptionReader(options, 'the test')),
    map: readNodeMap(map, { file: 'map.yaml' }).map,
    link: wrap?.(server) ?? server,
    namespaceStore,
    commsLostCode: 'PLC_COMMS_LOST',
    isTaken: () => false,
    clock,
    log: (_, text) => void lines.push(text),
    onSignal: (signal) => void signals.push(signal),
    onChange: () => undefined,
    onConnection: (problem) => void connections.push(problem),
    onSettled: () => onSettled?.(plc),
    onValues: () => undefined,
  });
  plc.start();
  const signalTexts = () => signals.map(({ code, kind, entityId }) => `${kind} ${code} ${entityId}`);
  return { plc, server, clock, signals, connections, lines, signalTexts };
}
