import { toEntityId } from '@medkit/core';
import type { FaultRule } from './fault-rule.ts';
import type { NodeMap } from './node-map.ts';
import { shortened } from './short-name.ts';

/** Characters of a fault's code; the store of faults takes no longer ones. */
export const MAX_CODE_LENGTH = 128;
/** Codes that are named before the rest is counted. */
const MAX_NAMED = 20;

/** Whether faults can have this code: it names folders too. */
export function isFaultCode(text: string): boolean {
  return /^[A-Za-z0-9_.-]+$/.test(text) && !text.includes('..') && text.length <= MAX_CODE_LENGTH;
}

/** The code of a number that an enumeration does not map: `PUMP_STATE_UNMAPPED`. */
export function unmappedCode(entityId: string, dataName: string): string {
  const text = toEntityId(`${entityId}_${dataName}`).replaceAll('-', '_').toUpperCase();
  const tail = '_UNMAPPED';
  return shortened(text, MAX_CODE_LENGTH - tail.length).toUpperCase() + tail;
}

/** Every code that a rule can raise. */
export function codesOfRule(rule: FaultRule): readonly string[] {
  switch (rule.kind) {
    case 'threshold':
      return [rule.fault.code];
    case 'status-word':
      return rule.bits.map(({ fault }) => fault.code);
    case 'enumeration':
      return [...rule.codes.map(({ fault }) => fault.code), rule.unmapped.code];
  }
}

/** Every code that a map can raise, each as often as it stands there. Codes of automatic alarms are not among them. */
export function codesOf(map: NodeMap): readonly string[] {
  return sourcesOf(map).map(({ code }) => code);
}

/** A code that more than one source raises, and which ones do. */
export interface DuplicateCode {
  readonly code: string;
  readonly sources: readonly string[];
}

/** The codes that more than one source raises, over several maps; `reserved` are those that are raised by others. */
export function codesOfSeveral(
  maps: readonly { readonly name: string; readonly map: NodeMap }[],
  reserved: readonly string[] = [],
): readonly DuplicateCode[] {
  const sources = new Map<string, string[]>(reserved.map((code) => [code, ['the gateway itself']]));
  for (const { name, map } of maps) {
    for (const { code, source } of sourcesOf(map)) {
      sources.set(code, [...(sources.get(code) ?? []), `${name}: ${source}`]);
    }
  }
  return [...sources].filter(([, of]) => of.length > 1).map(([code, of]) => ({ code, sources: of }));
}

/**
 * A sentence for each code that more than one source raises, over several maps: a fault is known by its code alone, so one
 * source would clear what another one raised. None means that the maps fit together.
 *
 * @param reserved codes that are raised by others, such as the one of a lost connection
 */
export function duplicateCodes(
  maps: readonly { readonly name: string; readonly map: NodeMap }[],
  reserved: readonly string[] = [],
): readonly string[] {
  const several = codesOfSeveral(maps, reserved);
  const lines = several
    .slice(0, MAX_NAMED)
    .map(
      ({ code, sources: [one, other] }) => `fault code ${code} is that of ${one} and of ${other}: it has to be unique`,
    );
  return several.length > MAX_NAMED ? [...lines, `and ${several.length - MAX_NAMED} more codes`] : lines;
}

function sourcesOf({ nodes, eventAlarms }: NodeMap): readonly { readonly code: string; readonly source: string }[] {
  return [
    ...nodes.flatMap(({ nodeId, entityId, faultRule }) =>
      (faultRule === undefined ? [] : codesOfRule(faultRule)).map((code) => ({
        code,
        source: `node ${nodeId} of ${entityId}`,
      })),
    ),
    ...eventAlarms.flatMap(({ source, entityId, code, mappings }) =>
      [...(code === undefined ? [] : [code]), ...mappings.map((mapping) => mapping.code)].map((each) => ({
        code: each,
        source: `alarms at ${source} of ${entityId}`,
      })),
    ),
  ];
}
