import type { Protocol } from '../protocol/protocol.ts';
import type { RobotError } from '../robot/robot-error.ts';
import { decodeConnection, encodeConnection } from './connection.ts';
import { encodeFactsheet, factsheetProblem } from './factsheet.ts';
import { decodeInstantActions, decodeInstantActions20, encodeInstantActions } from './instant-actions.ts';
import { decodeOrder, encodeOrder } from './order.ts';
import { decodeState, encodeState } from './state.ts';

export const version2: Protocol = {
  version: '2.1.0',
  encodeConnection,
  encodeState,
  encodeFactsheet,
  encodeOrder,
  encodeInstantActions,
  decodeConnection,
  decodeState,
  decodeOrder,
  decodeInstantActions,
  factsheetProblem,
};

/**
 * 2.0.0 is 2.1.0 with two differences. An error has no `errorHint`, so the hint is appended to the description. The
 * published schema of instant actions has `actionName` where the text has `actionType`, so both are accepted.
 */
export const version20: Protocol = {
  ...version2,
  version: '2.0.0',
  encodeState: (header, state) => encodeState(header, { ...state, errors: state.errors.map(withoutHint) }),
  decodeInstantActions: decodeInstantActions20,
};

function withoutHint({ hint, ...error }: RobotError): RobotError {
  const description = [error.description, hint].filter((text) => text !== undefined && text !== '').join(' ');
  return description === '' ? error : { ...error, description };
}
