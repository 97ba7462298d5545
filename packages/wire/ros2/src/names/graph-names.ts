import { InvalidName } from '../errors.ts';

/** RMW_NODE_NAME_MAX_NAME_LENGTH of rmw, and the bound of both names in `rmw_dds_common/msg/NodeEntitiesInfo`. */
const MAX_NAME_LENGTH = 255;

const TOKEN = '[A-Za-z_][A-Za-z0-9_]*';
const NODE_NAME = new RegExp(`^${TOKEN}$`);
const ABSOLUTE_NAME = new RegExp(`^(?:/${TOKEN})+$`);

const fits = (text: string): boolean => text.length <= MAX_NAME_LENGTH;

const isNodeName = (text: string): boolean => NODE_NAME.test(text) && fits(text);

const isNamespace = (text: string): boolean => text === '/' || isFullName(text);

/** Returns whether `text` is the full name of a topic or service, such as `/robot/scan`. */
export const isFullName = (text: string): boolean => ABSOLUTE_NAME.test(text) && fits(text);

/**
 * Returns whether a node only serves internals of another one: by convention its name begins with `_`. Checks the name,
 * not the app id, because a prefix added for a name collision would hide the underscore.
 */
export const isInternalNode = (name: string): boolean => name.startsWith('_');

/** Joins namespace and name: `/robot` and `camera` → `/robot/camera`. */
export function fullyQualifiedName(namespace: string, name: string): string {
  return namespace.endsWith('/') ? `${namespace}${name}` : `${namespace}/${name}`;
}

/** The node for which a name is resolved. */
export interface NodeNames {
  readonly namespace: string;
  readonly name: string;
}

/** Checks the name and namespace (default `/`) of a node. Throws `InvalidName`. */
export function nodeNames({
  name,
  namespace = '/',
}: {
  readonly name: string;
  readonly namespace?: string;
}): NodeNames {
  const absolute = namespace === '' ? '/' : namespace;
  if (!isNodeName(name)) {
    throw new InvalidName(`"${name}" is not a node name: letters, digits and underscores, not starting with a digit`);
  }
  if (!isNamespace(absolute)) throw new InvalidName(`"${namespace}" is not a namespace: expected / or /first/second`);
  return { name, namespace: absolute };
}

/**
 * Resolves a topic name for a node: `/scan` is unchanged, `scan` is relative to the namespace, `~/scan` to the node.
 * Throws `InvalidName`.
 */
export function resolveTopicName(topic: string, node: NodeNames): string {
  const full = topic.startsWith('/')
    ? topic
    : topic.startsWith('~/')
      ? `${fullyQualifiedName(node.namespace, node.name)}${topic.slice(1)}`
      : fullyQualifiedName(node.namespace, topic);
  if (!isFullName(full)) throw new InvalidName(`"${topic}" is not a topic name`);
  return full;
}
