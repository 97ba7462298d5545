import { type Static, Type } from 'typebox';
import type { OrderNode } from '../robot/order.ts';
import { Angle, list, Text, Uint32 } from './field-types.ts';
import { finite } from './numbers.ts';
import { omitEmpty } from './omit-empty.ts';

export const orderFields = { orderId: Text, orderUpdateId: Uint32 };
export const nodeFields = { nodeId: Text, sequenceId: Uint32, released: Type.Boolean() };
export const edgeFields = {
  edgeId: Text,
  sequenceId: Uint32,
  released: Type.Boolean(),
  orientation: Type.Optional(Angle),
  orientationType: Type.Optional(Text),
  direction: Type.Optional(Text),
};
export const nodePositionFields = { mapId: Text, x: Type.Number(), y: Type.Number(), theta: Type.Optional(Angle) };

/** Knots of a NURBS, from 0 to 1. */
export const KnotVector = list(Type.Number({ minimum: 0, maximum: 1 }));
export const Degree = Type.Integer({ minimum: 1 });

const NodeMessage = Type.Object({ ...nodeFields, nodePosition: Type.Optional(Type.Object(nodePositionFields)) });

/** Encodes a node without actions. Throws a `RangeError` if a number of its position is not finite. */
export const encodeNode = ({ nodeId, sequenceId, released, position }: OrderNode) => ({
  nodeId,
  sequenceId,
  released,
  nodePosition: position && {
    mapId: position.mapId,
    x: finite(position.x, `x of the node "${nodeId}"`),
    y: finite(position.y, `y of the node "${nodeId}"`),
  },
  actions: [],
});

export function decodeNode({ nodeId, sequenceId, released, nodePosition: at }: Static<typeof NodeMessage>): OrderNode {
  return omitEmpty({ nodeId, sequenceId, released, position: at && { mapId: at.mapId, x: at.x, y: at.y } });
}
