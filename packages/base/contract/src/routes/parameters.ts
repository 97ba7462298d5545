import * as Type from '../schemas/type.ts';
import type { KindTerms } from './entity-kinds.ts';
import { API_BASE, type Parameter } from './route.ts';

const EXAMPLES = { area: 'warehouse', component: 'amr_01', app: 'lidar_driver', function: 'navigation' } as const;

/** Returns the path parameter that holds the entity's id. */
export function entityParameter({ kind, param }: KindTerms): Parameter {
  return {
    name: param,
    in: 'path',
    description: `Id of the ${kind}`,
    schema: Type.String({ minLength: 1, maxLength: 256, pattern: '^[A-Za-z0-9_-]+$' }),
    example: EXAMPLES[kind],
  };
}

/** Returns the address of the entity used in examples. */
export function exampleEntity(terms: KindTerms): string {
  return `${API_BASE}/${terms.collection}/${EXAMPLES[terms.kind]}`;
}

export const dataParameter: Parameter = {
  name: 'data_id',
  in: 'path',
  description:
    'Id of the data item: a topic, its leading slash optional, other slashes unchanged or as `%2F`; `member:topic` on an entity with members',
  schema: Type.String({ minLength: 1 }),
  example: 'scan',
  spansSlashes: true,
};

export const operationParameter: Parameter = {
  name: 'operation_id',
  in: 'path',
  description:
    'Id of the operation as in the list, or its ROS name, with slashes as `%2F`; `member:name` on an entity with members',
  schema: Type.String({ minLength: 1 }),
  example: 'navigate_to_pose',
};

export const executionParameter: Parameter = {
  name: 'execution_id',
  in: 'path',
  description: 'Id of the execution; for an action the id of its goal, 32 hex digits',
  schema: Type.String({ minLength: 1 }),
  example: '4d9f5c0e7a3b4e0c9a1d2f6b8c7e5a10',
};

export const configurationParameter: Parameter = {
  name: 'config_id',
  in: 'path',
  description: 'Name of the parameter; `<app_id>:<name>` on an entity with several nodes',
  schema: Type.String({ minLength: 1, maxLength: 512 }),
  example: 'max_vel_x',
  spansSlashes: true,
};
