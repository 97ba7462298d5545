import type { Assignment } from './assignment.ts';

/** Texts, lists of texts and groups of them. */
export interface OptionGroup {
  readonly [name: string]: string | readonly string[] | OptionGroup;
}

type Building = Map<string, string | readonly string[] | Building>;

/**
 * Converts dotted keys to nested groups; lists keep their order and length. If a name is both a value and a group, the
 * group applies, in either order. Each problem begins with its key.
 */
export function optionGroup(assignments: readonly Assignment[]): {
  readonly group: OptionGroup;
  readonly problems: readonly string[];
} {
  const root: Building = new Map();
  const problems = new Set<string>();
  for (const { key, value, origin } of assignments) {
    const segments = key.split('.');
    const name = segments.pop() as string;
    let group = root;
    for (const [depth, segment] of segments.entries()) {
      const inside = group.get(segment);
      if (inside instanceof Map) group = inside;
      else {
        if (inside !== undefined) problems.add(bothKinds(segments.slice(0, depth + 1).join('.')));
        const next: Building = new Map();
        group.set(segment, next);
        group = next;
      }
    }
    if (value === null) problems.add(`${key} has no value and is not set (${origin})`);
    else if (group.get(name) instanceof Map) problems.add(bothKinds(key));
    else group.set(name, value);
  }
  return { group: plain(root), problems: [...problems] };
}

function bothKinds(key: string): string {
  return `${key} is both a value and a section: the section is used`;
}

function plain(building: Building): OptionGroup {
  return Object.fromEntries([...building].map(([name, value]) => [name, value instanceof Map ? plain(value) : value]));
}
