import { type Static, Type } from 'typebox';
import type { RobotState } from '../robot/robot-state.ts';
import { list, optionalBoolean, Text, Uint32 } from './field-types.ts';
import { omitEmpty } from './omit-empty.ts';

/** Progress of a robot's order; both versions share these fields. */
export const progressFields = {
  orderId: Text,
  orderUpdateId: Uint32,
  lastNodeId: Text,
  lastNodeSequenceId: Uint32,
  nodeStates: list(Type.Object({ nodeId: Text, sequenceId: Uint32, released: Type.Boolean() })),
  edgeStates: list(Type.Object({ edgeId: Text, sequenceId: Uint32, released: Type.Boolean() })),
  driving: Type.Boolean(),
  paused: optionalBoolean,
};

const Progress = Type.Object(progressFields);
type Progress = Static<typeof Progress>;

/** An empty name and 0 mean: never had an order, or never was on a node (2.1.0, 6.10.6; 3.0.0, 7.8). */
export function encodeProgress(state: RobotState): Progress {
  return {
    orderId: state.order?.orderId ?? '',
    orderUpdateId: state.order?.orderUpdateId ?? 0,
    lastNodeId: state.lastNode?.nodeId ?? '',
    lastNodeSequenceId: state.lastNode?.sequenceId ?? 0,
    nodeStates: state.nodes.map(({ id, sequenceId, released }) => ({ nodeId: id, sequenceId, released })),
    edgeStates: state.edges.map(({ id, sequenceId, released }) => ({ edgeId: id, sequenceId, released })),
    driving: state.driving,
    paused: state.paused,
  };
}

export function decodeProgress(message: Progress) {
  const { orderId, orderUpdateId, lastNodeId, lastNodeSequenceId, driving, paused } = message;
  return omitEmpty({
    order: orderId === '' ? undefined : { orderId, orderUpdateId },
    lastNode: lastNodeId === '' ? undefined : { nodeId: lastNodeId, sequenceId: lastNodeSequenceId },
    nodes: message.nodeStates.map(({ nodeId, sequenceId, released }) => ({ id: nodeId, sequenceId, released })),
    edges: message.edgeStates.map(({ edgeId, sequenceId, released }) => ({ id: edgeId, sequenceId, released })),
    driving,
    paused,
  });
}
