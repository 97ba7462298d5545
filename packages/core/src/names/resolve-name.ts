/** A data item or an operation that can be looked up by name. */
export interface NamedItem {
  /** Full name, with or without the leading slash. */
  readonly name: string;
  /** The node it belongs to, such as `/arm/driver`. If absent, names relative to a node do not match. */
  readonly node: string | undefined;
}

/** The result of a lookup by name. */
export interface NameMatches<Thing> {
  readonly things: readonly Thing[];
  /** True if no full or relative name matched and `things` are those whose name ends with the requested one. */
  readonly isEnding: boolean;
}

/**
 * Resolves a name among `things`. Returns the matches of the first rule that matches any:
 * - the full name, with or without the leading slash (`/arm/joint_states`);
 * - with `~`, the name below its node (`~/state`); no further rule applies;
 * - without a leading slash, the name relative to the namespace of its node;
 * - without a leading slash, the name below its node;
 * - without a leading slash, the end of the full name, whole segments only (`joint_states`).
 *
 * Ignores the direction that old web UIs append: `/scan:publish`.
 */
export function resolveName<Thing>(
  things: readonly Thing[],
  name: string,
  called: (thing: Thing) => NamedItem,
): NameMatches<Thing> {
  const found = (rule: (named: NamedItem) => boolean): readonly Thing[] =>
    things.filter((thing) => rule(called(thing)));
  const plain = name.replace(/:(publish|subscribe|both)$/, '');
  const isPrivate = plain.startsWith('~');
  const wanted = withoutSlash(isPrivate ? plain.slice(1) : plain);
  if (wanted === '') return { things: [], isEnding: false };
  const isBelowNode = (named: NamedItem): boolean =>
    named.node !== undefined && withoutSlash(named.name) === withoutSlash(`${named.node}/${wanted}`);
  if (isPrivate) return { things: found(isBelowNode), isEnding: false };

  const rules = [
    (named: NamedItem) => withoutSlash(named.name) === withoutSlash(name),
    (named: NamedItem) => withoutSlash(named.name) === wanted,
  ];
  if (!name.startsWith('/')) {
    rules.push(
      (named) =>
        named.node !== undefined &&
        withoutSlash(named.name) === withoutSlash(`${named.node.replace(/[^/]*$/, '')}${wanted}`),
      isBelowNode,
    );
  }
  for (const rule of rules) {
    const matches = found(rule);
    if (matches.length > 0) return { things: matches, isEnding: false };
  }
  const ending = name.startsWith('/') ? [] : found((named) => named.name.endsWith(`/${wanted}`));
  return { things: ending, isEnding: ending.length > 0 };
}

/** Removes the leading slash. */
function withoutSlash(name: string): string {
  return name.startsWith('/') ? name.slice(1) : name;
}
