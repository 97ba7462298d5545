import { SovdError } from '@medkit/contract';
import type { JsonObject, JsonValue, OperationEntry } from '@medkit/core';
import { PlcRefused, type PlcSession } from '@medkit/opcua';
import { isFaultCode, MAX_CODE_LENGTH } from '../node-map/fault-codes.ts';
import type { Plc } from '../plc/plc.ts';
import { changePlc } from './plc-change.ts';

/** Maximum characters of the comment, which is written to the PLC's log. */
const MAX_COMMENT = 256;

/** Status of the server for an event that is not the last of its condition (OPC 10000-9, 5.7.3). */
const EVENT_UNKNOWN = 'BadEventIdUnknown';
/** How long to wait for the next event in that case: a few publishing intervals. */
const NEWER_WITHIN_MS = 3000;
const LOOK_EVERY_MS = 50;

/** Operator actions on native alarms (OPC 10000-9, 5.7), by operation name. */
const ACTS = {
  acknowledge_fault: { title: 'Acknowledge an alarm', method: 'acknowledge' },
  confirm_fault: { title: 'Confirm that the cause of an alarm was handled', method: 'confirm' },
} as const;

type AlarmAct = keyof typeof ACTS;

const REQUEST = {
  type: 'object',
  properties: {
    fault_code: { type: 'string', minLength: 1, maxLength: MAX_CODE_LENGTH },
    comment: { type: 'string', maxLength: MAX_COMMENT },
  },
  required: ['fault_code'],
  additionalProperties: false,
};

/** These operations, for every app that can have native alarms. */
export const alarmEntries: readonly OperationEntry[] = Object.entries(ACTS).map(([id, { title }]) => ({
  id,
  name: id,
  title,
  asynchronous: false,
  topLevelArguments: true,
  typeInfo: { request: REQUEST },
}));

export function alarmActOf(operationId: string): AlarmAct | undefined {
  return Object.hasOwn(ACTS, operationId) ? (operationId as AlarmAct) : undefined;
}

/** Executes the action on the condition of a fault. Throws `SovdError`. */
export async function actOnAlarm(
  plc: Plc,
  entityId: string,
  act: AlarmAct,
  parameters: JsonValue | undefined,
): Promise<JsonObject> {
  const { fault_code: code, comment = '' } = (parameters ?? {}) as JsonObject;
  if (typeof code !== 'string' || !isFaultCode(code)) {
    const most = `1 to ${MAX_CODE_LENGTH} letters, digits, _, - and dots`;
    throw invalid('fault_code', `fault_code must be the code of a fault, ${most}`);
  }
  if (typeof comment !== 'string' || comment.length > MAX_COMMENT) {
    throw invalid('comment', `comment must be a text of at most ${MAX_COMMENT} characters`);
  }
  const { method } = ACTS[act];
  const { conditionId, eventId } = conditionBehind(plc, entityId, code, method);
  const work = async (session: PlcSession): Promise<void> => {
    try {
      await session[method](conditionId, eventId, comment);
    } catch (error) {
      if (!(error instanceof PlcRefused) || error.status !== EVENT_UNKNOWN) throw error;
      // The condition has changed since its last report, for example because another client acknowledged it.
      const newer = await newerEvent(plc, eventId, () => conditionBehind(plc, entityId, code, method));
      if (!newer) throw error;
      await session[method](conditionId, newer, comment);
    }
  };
  const about = { fault_code: code, entity_id: entityId };
  await changePlc(plc, { what: `${act} of ${code} was sent`, parameters: about, work });
  return { status: 'ok', operation: act, fault_code: code, entity_id: entityId, condition_id: conditionId };
}

/** Throws `operation-not-found`. */
function conditionBehind(plc: Plc, entityId: string, code: string, step: (typeof ACTS)[AlarmAct]['method']) {
  const condition = plc.conditions.conditionOf(entityId, code, step);
  if (condition) return condition;
  const message = `The fault ${code} of ${entityId} has no alarm of the PLC`;
  throw new SovdError({
    code: 'operation-not-found',
    message,
    parameters: { entity_id: entityId, fault_code: code },
  });
}

/**
 * Returns the next event of a condition, which arrives with the next notification; `undefined` if none arrives in time.
 */
async function newerEvent(
  plc: Plc,
  eventId: Uint8Array,
  present: () => { readonly eventId: Uint8Array },
): Promise<Uint8Array | undefined> {
  for (let waitedMs = 0; waitedMs < NEWER_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    await plc.wait(LOOK_EVERY_MS);
    const newer = present().eventId;
    if (Buffer.compare(newer, eventId) !== 0) return newer;
  }
  return undefined;
}

function invalid(parameter: string, message: string): SovdError {
  return new SovdError({ code: 'invalid-parameter', message, parameters: { parameter } });
}
