import type { LocalNode, RosMessage } from '@medkit/ros2';
import { ANSI, LONG, MARKUP, NUL, SCRIPT_LINK, SHORT_MARKUP, TURNED } from './texts.ts';

/** Numbers of `rcl_interfaces/msg/ParameterType`. */
const [BOOL, INTEGER, DOUBLE, STRING, STRING_ARRAY] = [1, 2, 3, 4, 9] as const;

interface HostileParameter {
  readonly value: RosMessage;
  readonly descriptor?: RosMessage;
}

const text = (string_value: string, descriptor: RosMessage = {}): HostileParameter => ({
  value: { type: STRING, string_value },
  descriptor: { type: STRING, ...descriptor },
});
const whole = (integer_value: bigint, from_value: bigint, to_value: bigint, step: bigint): HostileParameter => ({
  value: { type: INTEGER, integer_value },
  descriptor: { type: INTEGER, description: MARKUP, integer_range: [{ from_value, to_value, step }] },
});
const real = (double_value: number, from_value: number, to_value: number, step: number): HostileParameter => ({
  value: { type: DOUBLE, double_value },
  descriptor: { type: DOUBLE, additional_constraints: MARKUP, floating_point_range: [{ from_value, to_value, step }] },
});

/** Parameters that the node reports; some are contradictory. */
const PARAMETERS: Readonly<Record<string, HostileParameter>> = {
  [SHORT_MARKUP]: text(MARKUP, { description: MARKUP, additional_constraints: SCRIPT_LINK }),
  [`${TURNED}.name`]: text(TURNED, { description: TURNED }),
  ['__proto__']: text(SCRIPT_LINK, { description: ANSI }),
  constructor: text(NUL, { description: NUL, read_only: true }),
  long: text(LONG, { description: LONG, additional_constraints: LONG }),
  'range.turned': whole(5n, 10n, 1n, 1n),
  'range.no_step': whole(5n, 0n, 10n, 0n),
  'range.huge': whole(2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n - 1n, 2n ** 63n),
  'range.nan': real(Number.NaN, Number.NaN, Number.POSITIVE_INFINITY, -1),
  'range.tiny': real(1e-320, -1e308, 1e308, 5e-324),
  'type.other': { value: { type: STRING, string_value: MARKUP }, descriptor: { type: BOOL, description: MARKUP } },
  'type.list': { value: { type: STRING_ARRAY, string_array_value: [MARKUP, TURNED, LONG] } },
};

const known = (name: string): HostileParameter | undefined =>
  Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
const REFUSED = { successful: false, reason: MARKUP };

/** Offers parameters through the services of rclcpp, with descriptors that no medkit server would return. */
export async function openHostileParameters(node: LocalNode): Promise<void> {
  const offer = (service: string, type: string, answer: (request: RosMessage) => RosMessage) =>
    node.service(`${node.fqn}/${service}`, `rcl_interfaces/srv/${type}`, async (request) => answer(request));
  const named = ({ names }: RosMessage): readonly string[] => names as readonly string[];
  await offer('list_parameters', 'ListParameters', () => ({
    result: { names: Object.keys(PARAMETERS), prefixes: [MARKUP] },
  }));
  await offer('get_parameters', 'GetParameters', (request) => ({
    values: named(request).map((name) => known(name)?.value ?? {}),
  }));
  await offer('get_parameter_types', 'GetParameterTypes', (request) => ({
    types: named(request).map((name) => Number(known(name)?.value['type'] ?? 0)),
  }));
  await offer('describe_parameters', 'DescribeParameters', (request) => ({
    descriptors: named(request).map((name) => ({ name, ...known(name)?.descriptor })),
  }));
  await offer('set_parameters', 'SetParameters', ({ parameters }) => ({
    results: (parameters as readonly unknown[]).map(() => REFUSED),
  }));
  await offer('set_parameters_atomically', 'SetParametersAtomically', () => ({ result: REFUSED }));
}
