import { type Static, Type } from 'typebox';
import { actionFields } from '../message/action-fields.ts';
import { HALF_TURN, list, NotNegative, optionalBoolean, optionalNumber, optionalText } from '../message/field-types.ts';
import { headerFields, headerOf } from '../message/header-fields.ts';
import { MalformedMessage } from '../message/malformed-message.ts';
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
import type { Order, OrderEdge, OrderNode } from '../robot/order.ts';

const actions = list(
  Type.Object({
    ...actionFields('NONE', 'SOFT', 'SINGLE', 'HARD'),
    actionDescriptor: optionalText,
    retriable: optionalBoolean,
  }),
);

const EllipseAngle = Type.Number({ minimum: -HALF_TURN / 2, maximum: HALF_TURN / 2 });
const DeviationAngle = Type.Number({ minimum: 0, maximum: HALF_TURN });

const NodePosition = Type.Object({
  ...nodePositionFields,
  allowedDeviationXY: Type.Optional(Type.Object({ a: NotNegative, b: NotNegative, theta: EllipseAngle })),
  allowedDeviationTheta: Type.Optional(DeviationAngle),
});

const Trajectory = Type.Object({
  degree: Type.Optional(Degree),
  knotVector: Type.Optional(KnotVector),
  controlPoints: list(Type.Object({ x: Type.Number(), y: Type.Number(), weight: optionalNumber })),
});

const Corridor = Type.Object({
  leftWidth: NotNegative,
  rightWidth: NotNegative,
  corridorReferencePoint: Type.Optional(Type.Enum(['KINEMATIC_CENTER', 'CONTOUR'])),
  releaseRequired: optionalBoolean,
  releaseLossBehavior: Type.Optional(Type.Enum(['STOP', 'RETURN'])),
});

const Node = Type.Object({
  ...nodeFields,
  nodeDescriptor: optionalText,
  nodePosition: Type.Optional(NodePosition),
  actions,
});

const Edge = Type.Object({
  ...edgeFields,
  edgeDescriptor: optionalText,
  maximumSpeed: optionalNumber,
  maximumMobileRobotHeight: optionalNumber,
  minimumLoadHandlingDeviceHeight: optionalNumber,
  reachOrientationBeforeEntering: optionalBoolean,
  maxRotationSpeed: optionalNumber,
  trajectory: Type.Optional(Trajectory),
  length: optionalNumber,
  corridor: Type.Optional(Corridor),
  actions,
});

/** 3.0.0, 7.3. */
const OrderMessage = Type.Object({
  ...headerFields,
  ...orderFields,
  orderDescription: optionalText,
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
    edges: edges.map(({ edgeId, sequenceId, released }) => ({ edgeId, sequenceId, released, actions: [] })),
  };
  return JSON.stringify(message);
}

const read = messageReader('order', OrderMessage);

export function decodeOrder(octets: Uint8Array): Received<Order> {
  const message = read(octets);
  const { orderId, orderUpdateId } = message;
  const nodes = message.nodes.map(decodeNode);
  return { header: headerOf(message), content: { orderId, orderUpdateId, nodes, edges: edgesBetween(nodes, message) } };
}

/** An edge connects the nodes with the preceding and the following `sequenceId`. */
function edgesBetween(nodes: readonly OrderNode[], { edges }: OrderMessage): OrderEdge[] {
  const nodeIds = new Map(nodes.map(({ sequenceId, nodeId }) => [sequenceId, nodeId]));
  return edges.map(({ edgeId, sequenceId, released }, index) => {
    const [startNodeId, endNodeId] = [nodeIds.get(sequenceId - 1), nodeIds.get(sequenceId + 1)];
    if (startNodeId !== undefined && endNodeId !== undefined) {
      return { edgeId, sequenceId, released, startNodeId, endNodeId };
    }
    const missing = startNodeId === undefined ? sequenceId - 1 : sequenceId + 1;
    throw new MalformedMessage(`order: edges[${index}] has no adjacent node with the sequenceId ${missing}`);
  });
}
