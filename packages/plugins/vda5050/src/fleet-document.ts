import type { JsonObject, JsonValue } from '@medkit/core';
import type { Header, Reference, RobotState } from '@medkit/vda5050';
import Type from 'typebox';

/** Maximum items of each list in the document. */
const MAX_LISTED = 64;

const Rows = Type.Array(Type.Record(Type.String(), Type.Unknown()));

/** Answer of `x-medkit-vda5050`. The agent and the robot may be newer, so that further members are permitted. */
export const FleetDocument = Type.Object(
  {
    agent: Type.Record(Type.String(), Type.Unknown(), {
      description: 'Health of the agent: its role and the reason, the robot, the broker, and counts of states',
    }),
    sent_at: Type.Optional(Type.String({ description: 'Time of the last state, ISO 8601; absent while none is sent' })),
    order: Type.Optional(
      Type.Object(
        { order_id: Type.String(), order_update_id: Type.Integer() },
        { description: 'The current or last order; absent if there was none: the agent refuses all orders' },
      ),
    ),
    nodes: Type.Optional(Rows),
    instant_actions: Type.Optional(Rows),
    errors: Type.Optional(Rows),
    information: Type.Optional(Rows),
  },
  { $id: 'FleetDocument' },
);

/** Returns the document from the health of the agent and the last state that it sent. */
export function fleetDocument(
  agent: JsonObject,
  state: { readonly header: Header; readonly content: RobotState } | undefined,
): JsonObject {
  if (!state) return { agent };
  const { header, content } = state;
  const { order, nodes, actions, instantActions, errors, information } = content;
  return {
    agent,
    sent_at: header.timestamp,
    ...(order && { order: { order_id: order.orderId, order_update_id: order.orderUpdateId } }),
    nodes: rows(nodes, ({ id, sequenceId, released }) => ({ node_id: id, sequence_id: sequenceId, released })),
    instant_actions: rows([...instantActions, ...actions], ({ actionId, actionType, status, result }) => ({
      action_id: actionId,
      type: actionType ?? null,
      status,
      result: result ?? null,
    })),
    errors: rows(errors, ({ type, level, description, hint, references }) => ({
      type,
      level,
      description: description ?? null,
      hint: hint ?? null,
      references: named(references),
    })),
    information: rows(information, ({ type, level, description, references }) => ({
      type,
      level,
      description: description ?? null,
      references: named(references),
    })),
  };
}

const rows = <Item>(items: readonly Item[], row: (item: Item) => JsonObject): JsonValue[] =>
  items.slice(0, MAX_LISTED).map(row);

const named = (references: readonly Reference[]): JsonObject =>
  Object.fromEntries(references.map(({ key, value }) => [key, value]));
