import { keepsAllParts } from '@medkit/core';
import type { ReadCondition } from '@medkit/opcua';
import { MAX_CODE_LENGTH } from '../node-map/fault-codes.ts';
import { fnv1aHex, shortened } from '../node-map/short-name.ts';

const PREFIX = 'PLC_ALARM';
const HASH_LENGTH = 8;
/** A letter or digit of any script. */
const HAS_WORD = /[\p{L}\p{N}]/u;
/** Suffix of an automatic code that the node map uses for something else. */
const TAKEN_TAIL = '_AUTO';
/** Maximum characters of an alarm's key; servers choose the names in it. */
const MAX_KEY_LENGTH = 512;

/** Fields that identify an alarm. */
export type AlarmIdentity = Pick<
  ReadCondition,
  'conditionName' | 'sourceName' | 'sourceNode' | 'eventType' | 'message'
>;

/**
 * Returns the code of an unmapped alarm: `PLC_ALARM_OVERPRESSURE_1A2B3C4D`. Its text is the name of the condition, or
 * of its source if that has no letter or digit. Its hash covers the source node, so that two tanks have two faults. If
 * the code cannot contain the whole name, the hash covers the name, too. If neither has a name, event type and message
 * are included: some PLCs report all alarms from one node without names.
 *
 * @param scope distinguishes two identical PLCs; if empty, the code equals that of ros2_medkit
 */
export function autoAlarmCode(alarm: AlarmIdentity, scope = ''): string {
  const { conditionName, sourceName, sourceNode, eventType, message } = alarm;
  const source = scope === '' ? sourceNode : `${scope}|${sourceNode}`;
  const name = [conditionName, sourceName].find((each) => HAS_WORD.test(each));
  if (name === undefined) return `${PREFIX}_${fnv1aHex(`${source}|${eventType}|${message}`)}`;
  const hash = fnv1aHex(keepsAllParts(name) ? source : `${source}|${name}`);
  const slug = slugOf(name);
  if (slug === '') return `${PREFIX}_${hash}`;
  const room = MAX_CODE_LENGTH - PREFIX.length - HASH_LENGTH - TAKEN_TAIL.length - 2;
  return `${PREFIX}_${shortened(slug, room).toUpperCase()}_${hash}`;
}

/** Returns a different code if another source already raises `code`. */
export function freeCode(code: string, isTaken: (code: string) => boolean): string {
  return isTaken(code) ? `${code}${TAKEN_TAIL}` : code;
}

/** Returns the stable identity of an alarm; a server may create a new condition for it each time. */
export function alarmKey({ conditionName, sourceName, sourceNode, eventType, message }: AlarmIdentity): string {
  const name = conditionName || sourceName;
  const parts = name === '' ? [sourceNode, eventType, message] : [sourceNode, conditionName, sourceName];
  return shortened(JSON.stringify(parts), MAX_KEY_LENGTH);
}

function slugOf(name: string): string {
  return name
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .toUpperCase();
}
