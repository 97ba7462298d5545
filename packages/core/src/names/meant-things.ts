/** What somebody may mean by its name: a data item, an operation. */
export interface NamedThing {
  /** Its full name, with or without the slash in front. */
  readonly name: string;
  /** The node that has it, `/arm/driver`; names relative to a node mean nothing of one that has none. */
  readonly node: string | undefined;
}

/** What a name means. */
export interface MeantThings<Thing> {
  readonly things: readonly Thing[];
  /** None is called so; they end with it. */
  readonly isEnding: boolean;
}

/**
 * What a name means among `things`, in the first of these ways in which it means any: its full name, with or without the slash
 * in front (`/arm/joint_states`); with `~`, below its node (`~/state`); without a slash in front also relative to the namespace
 * of its node, below its node, or the end of its full name, whole segments only (`joint_states`). Old web UIs append the
 * direction: `/scan:publish`.
 */
export function meantThings<Thing>(
  things: readonly Thing[],
  name: string,
  called: (thing: Thing) => NamedThing,
): MeantThings<Thing> {
  const found = (way: (named: NamedThing) => boolean): readonly Thing[] => things.filter((thing) => way(called(thing)));
  const plain = name.replace(/:(publish|subscribe|both)$/, '');
  const isPrivate = plain.startsWith('~');
  const wanted = bare(isPrivate ? plain.slice(1) : plain);
  if (wanted === '') return { things: [], isEnding: false };
  const isBelowNode = (named: NamedThing): boolean =>
    named.node !== undefined && bare(named.name) === bare(`${named.node}/${wanted}`);
  if (isPrivate) return { things: found(isBelowNode), isEnding: false };

  const ways = [
    (named: NamedThing) => bare(named.name) === bare(name),
    (named: NamedThing) => bare(named.name) === wanted,
  ];
  if (!name.startsWith('/')) {
    ways.push(
      (named) => named.node !== undefined && bare(named.name) === bare(`${named.node.replace(/[^/]*$/, '')}${wanted}`),
      isBelowNode,
    );
  }
  for (const way of ways) {
    const meant = found(way);
    if (meant.length > 0) return { things: meant, isEnding: false };
  }
  const ending = name.startsWith('/') ? [] : found((named) => named.name.endsWith(`/${wanted}`));
  return { things: ending, isEnding: ending.length > 0 };
}

/** The slash in front of a full name may be missing. */
function bare(name: string): string {
  return name.startsWith('/') ? name.slice(1) : name;
}
