import { keepsAllWords } from '@medkit/core';
import { MAX_CODE_LENGTH } from '../node-map/fault-codes.ts';
import { fnv1aHex, shortened } from '../node-map/short-name.ts';
import type { ReadCondition } from '../session/plc-event.ts';

const PREFIX = 'PLC_ALARM';
const HASH_LENGTH = 8;
/** A letter or a digit of any script. */
const HAS_WORD = /[\p{L}\p{N}]/u;
/** Stands behind a code that a node map has for something else. */
const TAKEN_TAIL = '_AUTO';
/** Characters of what an alarm is known by: servers choose the names. */
const MAX_KEY_LENGTH = 512;

/** What an alarm is known by. */
export type AlarmIdentity = Pick<
  ReadCondition,
  'conditionName' | 'sourceName' | 'sourceNode' | 'eventType' | 'message'
>;

/**
 * The code of an alarm that nobody mapped: `PLC_ALARM_OVERPRESSURE_1A2B3C4D`, by the name of its condition, or of its
 * source where that has no letter or figure, and by its source's node, so that two tanks are two faults. If the code would lose
 * words or signs of the name, the hash at its end covers the name, too. Where neither has
 * a name, kind and message count as well: there are PLCs that tell all their alarms as those of one node without names.
 *
 * @param scope what tells two PLCs apart that are alike; the code is that of ros2_medkit where it is empty
 */
export function autoAlarmCode(alarm: AlarmIdentity, scope = ''): string {
  const { conditionName, sourceName, sourceNode, eventType, message } = alarm;
  const source = scope === '' ? sourceNode : `${scope}|${sourceNode}`;
  const name = [conditionName, sourceName].find((each) => HAS_WORD.test(each));
  if (name === undefined) return `${PREFIX}_${fnv1aHex(`${source}|${eventType}|${message}`)}`;
  const hash = fnv1aHex(keepsAllWords(name) ? source : `${source}|${name}`);
  const slug = slugOf(name);
  if (slug === '') return `${PREFIX}_${hash}`;
  const room = MAX_CODE_LENGTH - PREFIX.length - HASH_LENGTH - TAKEN_TAIL.length - 2;
  return `${PREFIX}_${shortened(slug, room).toUpperCase()}_${hash}`;
}

/** A code of its own for an alarm whose code is raised by something else already. */
export function freeCode(code: string, isTaken: (code: string) => boolean): string {
  return isTaken(code) ? `${code}${TAKEN_TAIL}` : code;
}

/** What stays the same of an alarm, though a server may make another condition of it each time. */
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
