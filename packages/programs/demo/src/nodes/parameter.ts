import type { Parameter, ParameterDeclaration, ParameterDescriptor, ParameterType, ParameterValue } from '@medkit/ros2';

export type SetType = Exclude<ParameterType, 'not_set'>;

/** Value type of a parameter type. */
export type ValueOf<Type extends SetType> = Extract<ParameterValue, { type: Type }>['value'];

/** A parameter that its node declares at startup. */
export interface NodeParameter<Type extends SetType> extends ParameterDeclaration {
  readonly value: Extract<ParameterValue, { type: Type }>;
}

interface Rules extends Partial<Omit<ParameterDescriptor, 'name' | 'type' | 'dynamicTyping'>> {
  readonly description: string;
}

/** Declares a parameter with its initial value. */
export function parameter<Type extends SetType>(
  type: Type,
  name: string,
  value: ValueOf<Type>,
  rules: Rules,
): NodeParameter<Type> {
  return { name, value: { type, value } as NodeParameter<Type>['value'], ...rules };
}

/** Returns the content of a parameter value of this type. */
export function parameterContent<Type extends SetType>(value: ParameterValue): ValueOf<Type> {
  return (value as { readonly value: unknown }).value as ValueOf<Type>;
}

/** Returns the requested value of a parameter, or `undefined` if the request does not contain it. */
export function requestedValue<Type extends SetType>(
  wanted: readonly Parameter[],
  { name }: NodeParameter<Type>,
): ValueOf<Type> | undefined {
  const value = wanted.findLast((one) => one.name === name)?.value;
  return value && parameterContent(value);
}

/** Parameter that every rclcpp node has. */
export const USE_SIM_TIME = parameter('bool', 'use_sim_time', false, {
  description: 'Use the time from /clock instead of the system time',
});
