import { toEntityId } from '@medkit/core';
import type { FaultRule } from './fault-rule.ts';
import type { NodeMap } from './node-map.ts';
import { shortened } from './short-name.ts';

/** Maximum characters of a fault code; the fault store does not accept longer ones. */
export const MAX_CODE_LENGTH = 128;
/** Codes that are listed; further ones are counted. */
const MAX_NAMED = 20;

/** Returns whether the text is a valid fault code, which is also used as a folder name. */
export function isFaultCode(text: string): boolean {
  return /^[A-Za-z0-9_.-]+$/.test(text) && !text.includes('..') && text.length <= MAX_CODE_LENGTH;
}

/** Returns the code for a number that an enumeration does not map: `PUMP_STATE_UNMAPPED`. */
export function unmappedCode(entityId: string, dataName: string): string {
  const text = toEntityId(`${entityId}_${dataName}`).replaceAll('-', '_').toUpperCase();
  const tail = '_UNMAPPED';
  return shortened(text, MAX_CODE_LENGTH - tail.length).toUpperCase() + tail;
}

/** Returns every code that a rule can raise. */
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

/** Returns every code that a map can raise, including duplicates; without codes of automatic alarms. */
export function codesOf(map: NodeMap): readonly string[] {
  return sourcesOf(map).map(({ code }) => code);
}

/** A code with more than one source. */
export interface DuplicateCode {
  readonly code: string;
  readonly sources: readonly string[];
}

/** Returns the codes that have more than one source in several maps; `reserved` are codes used elsewhere. */
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
 * Returns a sentence for each code that has more than one source in several maps. A fault is identified only by its
 * code, so one source would clear the fault of another. Empty if the maps are compatible.
 *
 * @param reserved codes used elsewhere, such as the one for a lost connection
 */
export function duplicateCodes(
  maps: readonly { readonly name: string; readonly map: NodeMap }[],
  reserved: readonly string[] = [],
): readonly string[] {
  const several = codesOfSeveral(maps, reserved);
  const lines = several
    .slice(0, MAX_NAMED)
    .map(
      ({ code, sources: [one, other] }) => `fault code ${code} is used by ${one} and by ${other}, but must be unique`,
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
