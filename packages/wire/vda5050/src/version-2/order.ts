import { type Static, Type } from 'typebox';
import { actionFields } from '../message/action-fields.ts';
import {
  Angle,
  list,
  NotNegative,
  optionalBoolean,
  optionalNumber,
  optionalText,
  Text,
} from '../message/field-types.ts';
import { headerFields, headerOf } from '../message/header-fields.ts';
import { messageReader } from '../message/message-reader.ts';
import {
  Degree,
  decodeNode,
  edgeFields,
  encodeNode,
  KnotVector,
  nodeFields,
  nodePositionFields,
  orderFields,
} from '../message/order-fields.ts';
import type { Header } from '../protocol/header.ts';
import type { Received } from '../protocol/protocol.ts';
import type { Order } from '../robot/order.ts';

const actions = list(Type.Object({ ...actionFields('NONE', 'SOFT', 'HARD'), actionDescription: optionalText }));

const NodePosition = Type.Object({
  ...nodePositionFields,
  allowedDeviationXY: Type.Optional(NotNegative),
  allowedDeviationTheta: Type.Optional(Angle),
  mapDescription: optionalText,
});

const Trajectory = Type.Object({
  degree: Degree,
  knotVector: KnotVector,
  controlPoints: list(Type.Object({ x: Type.Number(), y: Type.Number(), weight: Type.Optional(NotNegative) })),
});

const Corridor = Type.Object({
  leftWidth: NotNegative,
  rightWidth: NotNegative,
  corridorRefPoint: Type.Optional(Type.Enum(['KINEMATICCENTER', 'CONTOUR'])),
});

const Node = Type.Object({
  ...nodeFields,
  nodeDescription: optionalText,
  nodePosition: Type.Optional(NodePosition),
  actions,
});

const Edge = Type.Object({
  ...edgeFields,
  edgeDescription: optionalText,
  startNodeId: Text,
  endNodeId: Text,
  maxSpeed: optionalNumber,
  maxHeight: optionalNumber,
  minHeight: optionalNumber,
  rotationAllowed: optionalBoolean,
  maxRotationSpeed: optionalNumber,
  length: optionalNumber,
  trajectory: Type.Optional(Trajectory),
  corridor: Type.Optional(Corridor),
  actions,
});

/** 2.1.0, 6.6.6. */
const OrderMessage = Type.Object({
  ...headerFields,
  ...orderFields,
  zoneSetId: optionalText,
  nodes: list(Node),
  edges: list(Edge),
});
type OrderMessage = Static<typeof OrderMessage>;

/** Throws a `RangeError` if a number of a position is not finite. */
export function encodeOrder(header: Header, { orderId, orderUpdateId, nodes, edges }: Order): string {
  const message: OrderMessage = {
    ...header,
    orderId,
    orderUpdateId,
    nodes: nodes.map(encodeNode),
    edges: edges.map(({ edgeId, sequenceId, released, startNodeId, endNodeId }) => ({
      edgeId,
      sequenceId,
      released,
      startNodeId,
      endNodeId,
      actions: [],
    })),
  };
  return JSON.stringify(message);
}

const read = messageReader('order', OrderMessage);

export function decodeOrder(octets: Uint8Array): Received<Order> {
  const message = read(octets);
  const { orderId, orderUpdateId } = message;
  const edges = message.edges.map(({ edgeId, sequenceId, released, startNodeId, endNodeId }) => ({
    edgeId,
    sequenceId,
    released,
    startNodeId,
    endNodeId,
  }));
  return {
    header: headerOf(message),
    content: { orderId, orderUpdateId, nodes: message.nodes.map(decodeNode), edges },
  };
}
