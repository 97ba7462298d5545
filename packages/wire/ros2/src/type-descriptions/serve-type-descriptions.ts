import type { LocalNode } from '../adapter/adapter.ts';
import { describe } from '../types/hash/type-description.ts';
import type { RosMessage } from '../types/message.ts';
import type { KnownType } from '../types/type-store.ts';
import { GET_TYPE_DESCRIPTION, getTypeDescriptionOf } from './get-type-description.ts';

/** Returns the definition of a type with this hash. */
export type FindByHash = (type: string, hash: string) => Promise<KnownType | undefined>;

/** Offers descriptions of every type known here on a medkit node, without the source files of the definitions. */
export async function serveTypeDescriptions(node: LocalNode, find: FindByHash): Promise<void> {
  const handler = async ({ type_name, type_hash }: RosMessage): Promise<RosMessage> => {
    const known = await find(String(type_name), String(type_hash));
    if (!known)
      return {
        successful: false,
        failure_reason: `this node has no description of ${type_name} with hash ${type_hash}`,
      };
    return { successful: true, type_description: describe(known.type) as unknown as RosMessage };
  };
  await node.service(getTypeDescriptionOf(node.fqn), GET_TYPE_DESCRIPTION, handler);
}
