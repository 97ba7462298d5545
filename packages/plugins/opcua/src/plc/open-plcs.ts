import { join } from 'node:path';
import { type Log, toEntityId } from '@medkit/core';
import type { Clock, Files, WritableFiles } from '@medkit/edges';
import { type ChangedValues, checkSecurity, type PlcLink, type SecurityOptions, type UserOptions } from '@medkit/opcua';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';
import { fileNamespaceStore, memoryNamespaceStore } from '../namespaces/namespace-store.ts';
import { codesOf, duplicateCodes } from '../node-map/fault-codes.ts';
import { fnv1aHex } from '../node-map/short-name.ts';
import type { PlcOptions } from '../options/plc-options.ts';
import { loadNodeMap } from './load-node-map.ts';
import { Plc } from './plc.ts';
import type { PlcParts } from './plc-parts.ts';

/** Options for opening a connection. */
export interface OpenLinkOptions {
  readonly endpointUrl: string;
  readonly security: SecurityOptions;
  readonly user: UserOptions;
  readonly eventIntervalMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

export type OpenLink = (options: OpenLinkOptions) => PlcLink;

export interface OpenPlcsOptions {
  readonly configured: readonly PlcOptions[];
  readonly files: Pick<Files, 'readText'> & Pick<WritableFiles, 'replaceText'>;
  /** Absolute path of the folder for persistent data; absent if nothing is stored. */
  readonly folder: string | undefined;
  /** Folder for rejected server certificates, unless a PLC has a separate one. */
  readonly refusedPath: string | undefined;
  readonly openLink: OpenLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly onSignal: (signal: AlarmSignal) => void;
  readonly onChange: (plc: Plc) => void;
  /** `problem` is absent if the PLC is connected. */
  readonly onConnection: (plc: Plc, problem: string | undefined) => void;
  readonly onSettled: (plc: Plc) => void;
  readonly onValues: (plc: Plc, values: ChangedValues) => void;
}

/**
 * Creates the PLCs of a configuration without starting them. Throws a one-line error if the configuration is
 * contradictory.
 */
export async function openPlcs(
  options: OpenPlcsOptions,
): Promise<{ readonly plcs: readonly Plc[]; readonly warnings: readonly string[] }> {
  const { files } = options;
  const configured = withIdsApart(options.configured);
  const generatedPath = generatedPathOf(options);
  for (const { security } of configured) checkSecurity({ ...security, generatedPath });
  const maps = await Promise.all(configured.map((plc) => loadNodeMap(files, plc)));
  const named = maps.map(({ map }, at) => ({ name: configured[at]?.name || 'the node map', map }));
  const commsLostCodes = commsLostCodesOf(configured);
  const [duplicate] = duplicateCodes(named, commsLostCodes);
  if (duplicate !== undefined) throw new Error(duplicate);
  const codes = new Set([...commsLostCodes, ...maps.flatMap(({ map }) => codesOf(map))]);
  const isTaken = (code: string): boolean => codes.has(code);
  const plcs = maps.map(({ map }, at) => {
    const known = { map, isTaken, commsLostCode: commsLostCodes[at] as string };
    return openPlc(options, configured[at] as PlcOptions, known);
  });
  assertApart(plcs);
  return { plcs, warnings: maps.flatMap(({ warnings }) => warnings) };
}

function openPlc(
  options: OpenPlcsOptions,
  plcOptions: PlcOptions,
  known: Pick<PlcParts, 'map' | 'commsLostCode' | 'isTaken'>,
): Plc {
  const { clock, refusedPath } = options;
  const log: Log = (level, message) =>
    options.log(level, plcOptions.name === '' ? message : `${plcOptions.name}: ${message}`);
  const { endpointUrl, security, user, subscriptionIntervalMs: eventIntervalMs } = plcOptions;
  const secured = {
    ...security,
    refusedPath: security.refusedPath ?? refusedPath,
    generatedPath: generatedPathOf(options),
  };
  const plc: Plc = new Plc({
    options: plcOptions,
    ...known,
    namespaceStore:
      options.folder === undefined
        ? memoryNamespaceStore()
        : fileNamespaceStore(
            options.files,
            join(options.folder, 'namespaces', `${encodeURIComponent(plcOptions.name) || 'plc'}.json`),
          ),
    link: options.openLink({ endpointUrl, security: secured, user, eventIntervalMs, clock, log }),
    clock,
    log,
    onSignal: options.onSignal,
    onChange: () => options.onChange(plc),
    onConnection: (problem) => options.onConnection(plc, problem),
    onSettled: () => options.onSettled(plc),
    onValues: (values) => options.onValues(plc, values),
  });
  return plc;
}

/** Returns the folder of the generated client certificate, which all PLCs share. */
function generatedPathOf({ folder }: OpenPlcsOptions): string | undefined {
  return folder === undefined ? undefined : join(folder, 'own');
}

/**
 * Returns the fault codes for unreachable PLCs; several PLCs have different codes, so that one does not clear the fault
 * of another.
 */
function commsLostCodesOf(configured: readonly PlcOptions[]): readonly string[] {
  const codes = configured.map(({ name }) => {
    const tail = toEntityId(name)
      .toUpperCase()
      .replaceAll(/[^A-Z0-9]+/g, '_');
    return tail === '' ? 'PLC_COMMS_LOST' : `PLC_COMMS_LOST_${tail}`;
  });
  // Names may differ only in characters that codes cannot have.
  return codes.map((code, at) =>
    codes.indexOf(code) === codes.lastIndexOf(code) ? code : `${code}_${fnv1aHex(configured[at]?.name ?? '')}`,
  );
}

/**
 * Names that differ only in characters that an id cannot have, such as `Press +` and `Press -`, get ids with a hash.
 */
function withIdsApart(configured: readonly PlcOptions[]): readonly PlcOptions[] {
  const users = Map.groupBy(configured, ({ name }) => toEntityId(name));
  return configured.map((plc) => {
    const id = toEntityId(plc.name);
    const isShared = (users.get(id)?.length ?? 0) > 1;
    return isShared ? { ...plc, componentId: `${id}_${fnv1aHex(plc.name).toLowerCase()}` } : plc;
  });
}

/** An app belongs to exactly one PLC; otherwise its values could come from either. */
function assertApart(plcs: readonly Plc[]): void {
  const owners = new Map<string, string>();
  for (const plc of plcs) {
    const name = plc.options.name || plc.component.id;
    for (const id of [`component ${plc.component.id}`, ...[...plc.entities.keys()].map((app) => `app ${app}`)]) {
      const other = owners.get(id);
      if (other !== undefined)
        throw new Error(`the ${id} is in the node maps of two PLCs, ${other} and ${name}: give it different ids`);
      owners.set(id, name);
    }
  }
}
