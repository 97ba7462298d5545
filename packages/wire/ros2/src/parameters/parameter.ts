/** The types of `rcl_interfaces/msg/ParameterType`, with the names used by ROS tools and the web UI. */
export type ParameterType =
  | 'not_set'
  | 'bool'
  | 'int'
  | 'double'
  | 'string'
  | 'byte_array'
  | 'bool_array'
  | 'int_array'
  | 'double_array'
  | 'string_array';

/** A parameter's value. Integers are `bigint`, so that 64 bits are exact; byte arrays are `Uint8Array`. */
export type ParameterValue =
  | { readonly type: 'not_set' }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'byte_array'; readonly value: Uint8Array }
  | { readonly type: 'bool_array'; readonly value: readonly boolean[] }
  | { readonly type: 'int_array'; readonly value: readonly bigint[] }
  | { readonly type: 'double_array'; readonly value: readonly number[] }
  | { readonly type: 'string_array'; readonly value: readonly string[] };

/** A parameter's name and its current or requested value. */
export interface Parameter {
  readonly name: string;
  readonly value: ParameterValue;
}

/** Allowed values of a number, both ends included. A step of 0 allows any value. */
export interface ParameterRange<N extends number | bigint> {
  readonly from: N;
  readonly to: N;
  readonly step: N;
}

/** `rcl_interfaces/msg/ParameterDescriptor`. */
export interface ParameterDescriptor {
  readonly name: string;
  readonly type: ParameterType;
  readonly description: string;
  readonly additionalConstraints: string;
  readonly readOnly: boolean;
  /** Whether setting the parameter may change its type. */
  readonly dynamicTyping: boolean;
  readonly integerRange?: ParameterRange<bigint>;
  readonly floatRange?: ParameterRange<number>;
}

/** Result of setting a parameter. */
export interface ParameterSetResult {
  readonly successful: boolean;
  /** Reason of a failure; may be empty. */
  readonly reason: string;
}

/** `rcl_interfaces/msg/ParameterEvent`: parameters of a node that were declared, set or undeclared. */
export interface ParameterEvent {
  /** FQN of the node. */
  readonly node: string;
  readonly added: readonly Parameter[];
  readonly changed: readonly Parameter[];
  /** Names of the undeclared parameters. */
  readonly deleted: readonly string[];
}

/** Separates the parts of a parameter's name: `FollowPath.max_speed`. */
export const NAME_SEPARATOR = '.';

/** The topic on which every node publishes changes of its parameters. */
export const PARAMETER_EVENTS_TOPIC = '/parameter_events';
export const PARAMETER_EVENT_TYPE = 'rcl_interfaces/msg/ParameterEvent';

/** The services of a node with parameters, relative to its name, and their types. */
export const PARAMETER_SERVICES = {
  list_parameters: 'rcl_interfaces/srv/ListParameters',
  get_parameters: 'rcl_interfaces/srv/GetParameters',
  get_parameter_types: 'rcl_interfaces/srv/GetParameterTypes',
  describe_parameters: 'rcl_interfaces/srv/DescribeParameters',
  set_parameters: 'rcl_interfaces/srv/SetParameters',
  set_parameters_atomically: 'rcl_interfaces/srv/SetParametersAtomically',
} as const;

export type ParameterService = keyof typeof PARAMETER_SERVICES;

/** Maximum parameters per node and per request: ten times those of a Nav2 node with all its plugins. */
export const MAX_PARAMETERS_PER_NODE = 10_000;
