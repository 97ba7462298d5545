import { Links } from './collection.ts';
import { oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

export const EntityType = oneOf('area', 'component', 'app', 'function');

export const Capability = Type.Object({ name: Type.String(), href: Type.String() });
export type Capability = Type.Static<typeof Capability>;

const identity = {
  id: Type.String({ description: '1 to 256 of `A-Z a-z 0-9 _ -`; unique among entities of its type.' }),
  name: Type.String(),
  type: EntityType,
  description: optional(Type.String()),
  tags: optional(Type.Array(Type.String())),
};

/** Members of an item of every entity collection. */
export const listItemMembers = { ...identity, href: Type.String() };

/** Members of the detail of every entity. */
export const detailMembers = {
  ...identity,
  _links: optional(Links),
  capabilities: optional(
    Type.Array(Capability, { description: 'The resources that this gateway serves for the entity.' }),
  ),
};

const uri = () => Type.String({ description: 'Address of the resource.' });

/** Resource addresses in the detail of every entity. */
export const resourceUris = {
  'bulk-data': uri(),
  configurations: uri(),
  data: uri(),
  faults: uri(),
  logs: uri(),
  operations: uri(),
  triggers: uri(),
};

export { uri };
