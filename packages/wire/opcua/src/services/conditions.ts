import { MAX_CONDITIONS } from '../bounds.ts';
import type { SessionChannel } from '../channel/session-channel.ts';
import { PlcRefused } from '../plc-error.ts';
import type { EventSource, ReadCondition } from '../plc-event.ts';
import { conditionOf, eventIdOf, FIELD_NAMES, fieldPath } from '../values/event-fields.ts';
import type { ReceivedVariant } from '../values/scalars.ts';
import { qualityOf } from '../values/status.ts';
import { browseAll, translate } from './browsing.ts';
import { callWith } from './method-calls.ts';
import { ATTRIBUTES, readAttributes } from './readings.ts';

/** Methods of condition types (OPC 10000-9, 5.5.5 to 5.7.4), which every condition of a server supports. */
const CONDITION_TYPE = 'i=2782';
const CONDITION_REFRESH = 'i=3875';
const ACKNOWLEDGE = 'i=9111';
const CONFIRM = 'i=9113';
const HIERARCHICAL = 'i=33';
const HAS_CONDITION = 'i=9006';

const BYTE_STRING = 15;
const UINT32 = 7;
const LOCALIZED_TEXT = 21;

/** Fields of every condition (OPC 10000-9, 5.5.2); an object without them is not a condition. */
const NECESSARY = ['enabled', 'retain'] as const;
/** Fields that determine the state of a condition; a missing optional field does not count. */
const DECISIVE = ['enabled', 'retain', 'active', 'acknowledged', 'confirmed'] as const;
const READ_FIELDS = FIELD_NAMES.filter((name) => name !== 'conditionId');

export async function refreshConditions(session: SessionChannel, subscriptionId: number): Promise<void> {
  await callWith(session, CONDITION_TYPE, CONDITION_REFRESH, [
    { dataType: UINT32, arrayType: 0, value: subscriptionId },
  ]);
}

/** Acknowledges a condition in the state that an event reported. */
export function acknowledge(
  session: SessionChannel,
  conditionId: string,
  eventId: Uint8Array,
  comment: string,
): Promise<void> {
  return act(session, conditionId, ACKNOWLEDGE, eventId, comment);
}

/** Confirms that the cause of a condition has been resolved. */
export function confirm(
  session: SessionChannel,
  conditionId: string,
  eventId: Uint8Array,
  comment: string,
): Promise<void> {
  return act(session, conditionId, CONFIRM, eventId, comment);
}

/** Reads the conditions at a notifier, its children and their children. */
export async function readConditions(session: SessionChannel, source: EventSource): Promise<readonly ReadCondition[]> {
  const candidates = await candidatesAt(session, source.notifier);
  const paths = candidates.flatMap((nodeId) => READ_FIELDS.map((name) => ({ nodeId, path: fieldPath(name) })));
  const found = await translate(session, paths);
  const fieldIds = (index: number) => found.slice(index * READ_FIELDS.length, (index + 1) * READ_FIELDS.length);
  const conditions = candidates.filter((_, index) => {
    const ids = fieldIds(index);
    return NECESSARY.every((name) => ids[READ_FIELDS.indexOf(name)] !== undefined);
  });
  const idsOf = new Map(conditions.map((nodeId) => [nodeId, fieldIds(candidates.indexOf(nodeId))]));
  const fieldNodeIds = [...idsOf.values()].flat().filter((id) => id !== undefined);
  const values = await readAttributes(
    session,
    fieldNodeIds.map((nodeId) => ({ nodeId, attribute: ATTRIBUTES.value })),
  );
  const readValues = new Map(fieldNodeIds.map((id, index) => [id, values[index]!]));
  return conditions.map((nodeId) => {
    const fieldValue = (name: (typeof FIELD_NAMES)[number]) =>
      readValues.get(idsOf.get(nodeId)![READ_FIELDS.indexOf(name as never)] ?? '');
    const read = (name: (typeof FIELD_NAMES)[number]): ReceivedVariant | undefined =>
      fieldValue(name)?.value ?? undefined;
    const fields = conditionOf(source.notifier, read, new Map());
    const condition = { ...fields, conditionId: nodeId, eventId: eventIdOf(read('eventId')) };
    const isUnread = DECISIVE.some((name) => qualityOf(fieldValue(name)?.statusCode.value ?? 0) === 'bad');
    return isUnread ? { ...condition, unread: true } : condition;
  });
}

async function candidatesAt(session: SessionChannel, notifier: string): Promise<readonly string[]> {
  const found = new Set<string>();
  const objects = async (nodeId: string) => {
    for (const references of [HAS_CONDITION, HIERARCHICAL]) {
      const limit = MAX_CONDITIONS - found.size;
      if (limit <= 0) return;
      for (const { nodeId: below, kind } of await browseAll(session, { nodeId, references, limit })) {
        if (kind === 'object' && found.size < MAX_CONDITIONS) found.add(below);
      }
    }
  };
  await objects(notifier);
  for (const child of [...found]) await objects(child);
  return [...found];
}

async function act(
  session: SessionChannel,
  conditionId: string,
  methodId: string,
  eventId: Uint8Array,
  comment: string,
): Promise<void> {
  if (conditionId === '')
    throw new PlcRefused('the event has no condition that can be acknowledged', 'BadNodeIdInvalid');
  await callWith(session, conditionId, methodId, [
    { dataType: BYTE_STRING, arrayType: 0, value: Buffer.from(eventId) },
    { dataType: LOCALIZED_TEXT, arrayType: 0, value: { text: comment } },
  ]);
}
