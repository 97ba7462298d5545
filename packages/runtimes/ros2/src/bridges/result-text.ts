import { isJsonObject } from '@medkit/core';
import type { JsonObject } from '@medkit/ros2';

/** Fields that contain the reason of a failed goal: Nav2, control_msgs, and `error_code` of MoveIt. */
const TEXT_FIELDS = ['error_msg', 'error_string', 'message'];

/**
 * Returns the reason in the result of a failed goal, by the conventions of Nav2, control_msgs and MoveIt: `Failed to
 * make progress (error_code 105)`. Returns an empty text if the result has none.
 */
export function resultText(result: JsonObject): string {
  const { error_code: error } = result;
  const code = errorCode(result);
  const text = textIn(result) || (error !== undefined && isJsonObject(error) ? textIn(error) : '');
  const said = code !== undefined && code !== 0 ? `error_code ${code}` : '';
  return text !== '' && said !== '' ? `${text} (${said})` : text || said;
}

/** Returns the error code of a result, including MoveIt's; `undefined` if the result type has none. */
export function errorCode({ error_code: error }: JsonObject): number | undefined {
  const code = error !== undefined && isJsonObject(error) ? error.val : error;
  return Number.isSafeInteger(code) ? Number(code) : undefined;
}

function textIn(message: JsonObject): string {
  const texts = TEXT_FIELDS.map((field) => message[field]).filter((value) => typeof value === 'string');
  return texts.map((text) => text.trim()).find((text) => text !== '') ?? '';
}
