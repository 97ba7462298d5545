import type { Random } from '@medkit/edges';
import type { ProtocolVersion } from '../protocol/version.ts';
import type { InstantAction, Order } from '../robot/order.ts';
import { ERROR_LEVELS, type RobotError, type RobotInformation } from '../robot/robot-error.ts';
import { ACTION_STATUSES, EMERGENCY_STOPS, OPERATING_MODES, type RobotState } from '../robot/robot-state.ts';

/** Realistic names and texts, and some unusual ones. */
const TEXTS = ['', 'a', 'PROTECTIVE_STOP', 'Größe 3', '"\\/\n', '\u{1F916}', '__proto__', 'x'.repeat(300)] as const;

/** Values that a version does not have and maps to others. */
const UNKNOWN_TO_2 = ['STARTUP', 'INTERVENED', 'PAUSED', 'RETRIABLE', 'URGENT', 'CRITICAL', 'HIBERNATING'];
const UNKNOWN_TO: Readonly<Record<ProtocolVersion, readonly string[]>> = {
  '2.0.0': UNKNOWN_TO_2,
  '2.1.0': UNKNOWN_TO_2,
  '3.0.0': ['AUTOACK'],
};

/** Creates random robots, orders and actions that a version can represent without loss. */
export function randomRobots(random: Random, version: ProtocolVersion) {
  const below = (limit: number) => Math.floor(random.float() * limit);
  const chance = (likelihood = 0.5) => random.float() < likelihood;
  const oneOf = <T>(values: readonly T[]): T => values[below(values.length)]!;
  const knownOf = <T extends string>(values: readonly T[]) =>
    oneOf(values.filter((value) => !UNKNOWN_TO[version].includes(value)));
  const some = <T>(make: (index: number) => T, most = 4): T[] =>
    Array.from({ length: below(most + 1) }, (_, i) => make(i));
  const text = () => oneOf(TEXTS);
  const name = () => `n${below(1000)}`;
  const number = () => (random.float() - 0.5) * 10 ** below(6) || 1;
  const translations = () => ({ de: text(), en: text() });

  const error = (): RobotError => ({
    type: text(),
    level: knownOf(ERROR_LEVELS),
    references: some(() => ({ key: text(), value: text() })),
    ...(chance() && { description: text() }),
    ...(version !== '2.0.0' && chance() && { hint: text() }),
    ...(version === '3.0.0' && chance() && { descriptionTranslations: translations() }),
    ...(version === '3.0.0' && chance() && { hintTranslations: translations() }),
  });
  const information = (): RobotInformation => ({
    type: text(),
    level: oneOf(['INFO', 'DEBUG']),
    references: some(() => ({ key: text(), value: text() })),
    ...(chance() && { description: text() }),
  });
  const action = () => ({
    actionId: name(),
    status: knownOf(ACTION_STATUSES),
    ...(chance() && { actionType: text() }),
    ...(chance() && { result: text() }),
  });
  const step = (index: number) => ({ id: name(), sequenceId: index * 2, released: chance() });

  return {
    /** Returns whether the version has this value. */
    knows: (value: string): boolean => !UNKNOWN_TO[version].includes(value),

    state: (): RobotState => ({
      ...(chance() && { order: { orderId: name(), orderUpdateId: below(2 ** 32) } }),
      ...(chance() && { lastNode: { nodeId: name(), sequenceId: below(2 ** 32) } }),
      nodes: some(step),
      edges: some(step),
      ...(chance() && {
        position: {
          mapId: text(),
          x: number(),
          y: number(),
          theta: (random.float() - 0.5) * 2 * Math.PI,
          localized: chance(),
        },
      }),
      ...(chance() && { velocity: { vx: number(), vy: number(), omega: number() } }),
      driving: chance(),
      ...(chance() && { paused: chance() }),
      actions: some(action),
      instantActions: version === '3.0.0' ? some(action) : [],
      battery: { chargePercent: random.float() * 100, charging: chance(), ...(chance() && { voltageV: number() }) },
      operatingMode: knownOf(OPERATING_MODES),
      errors: some(error),
      information: some(information),
      safety: { emergencyStop: knownOf(EMERGENCY_STOPS), fieldViolation: chance() },
    }),

    order: (): Order => {
      const nodes = Array.from({ length: 1 + below(5) }, (_, index) => ({
        nodeId: name(),
        sequenceId: index * 2,
        released: chance(),
        ...(chance() && { position: { mapId: text(), x: number(), y: number() } }),
      }));
      const edges = nodes.slice(1).map((end, index) => ({
        edgeId: name(),
        sequenceId: index * 2 + 1,
        released: chance(),
        startNodeId: nodes[index]!.nodeId,
        endNodeId: end.nodeId,
      }));
      return { orderId: name(), orderUpdateId: below(2 ** 32), nodes, edges };
    },

    instantActions: (): InstantAction[] =>
      some(() => ({
        actionId: name(),
        actionType: text(),
        parameters: Object.fromEntries(
          some(() => [text(), oneOf<unknown>([text(), number(), chance(), [1, 'a', null], { deep: { er: [] } }])]),
        ),
      })),
  };
}
