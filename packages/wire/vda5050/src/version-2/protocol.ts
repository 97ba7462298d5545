import type { Protocol } from '../protocol/protocol.ts';
import { decodeConnection, encodeConnection } from './connection.ts';
import { encodeFactsheet, factsheetProblem } from './factsheet.ts';
import { decodeInstantActions, encodeInstantActions } from './instant-actions.ts';
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
