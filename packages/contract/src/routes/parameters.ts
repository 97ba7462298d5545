import Type from 'typebox';
import type { KindWords } from './entity-kinds.ts';
import type { Parameter } from './route.ts';

const EXAMPLES = { area: 'warehouse', component: 'amr_01', app: 'lidar_driver', function: 'navigation' } as const;

/** The id of the entity that a path names. */
export function entityParameter({ kind, param }: KindWords): Parameter {
  return {
    name: param,
    in: 'path',
    description: `Id of the ${kind}`,
    schema: Type.String({ minLength: 1, maxLength: 256, pattern: '^[A-Za-z0-9_-]+$' }),
    example: EXAMPLES[kind],
  };
}

export const dataParameter: Parameter = {
  name: 'data_id',
  in: 'path',
  description:
    'Id of the data item: a topic, its leading slash optional, other slashes as they are or as `%2F`; `member:topic` on an entity with members',
  schema: Type.String({ minLength: 1 }),
  example: 'scan',
  spansSlashes: true,
};
