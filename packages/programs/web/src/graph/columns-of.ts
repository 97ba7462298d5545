interface Link {
  readonly id: string;
  readonly source: string;
  readonly target: string;
}

/** Cards in columns, with the lanes of lines that pass a column. */
export interface Columns {
  /** Ids of cards and lanes, from top to bottom. */
  readonly columns: readonly (readonly string[])[];
  /** The cards and lanes that each of them is connected to in the next columns. */
  readonly neighbours: ReadonlyMap<string, readonly string[]>;
  /** Lanes of each line, from its source to its target. */
  readonly lanes: ReadonlyMap<string, readonly string[]>;
}

const SWEEPS = 6;

/**
 * Assigns cards to columns by the longest path to them. Lines of a cycle that lead back do not count. Orders each column
 * by the mean position of the neighbours, so that few lines cross (Sugiyama's method).
 */
export function columnsOf(ids: readonly string[], links: readonly Link[]): Columns {
  const forward = withoutCycles(ids, links);
  const levels = levelsOf(ids, forward);
  const columns = Array.from({ length: Math.max(-1, ...levels.values()) + 1 }, (): string[] => []);
  for (const id of ids) columns[levels.get(id)!]!.push(id);
  const neighbours = new Map<string, string[]>();
  const connect = (one: string, other: string): void => {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const known = neighbours.get(from);
      if (known) known.push(to);
      else neighbours.set(from, [to]);
    }
  };
  const lanes = new Map<string, string[]>();
  for (const { id, source, target } of forward) {
    const passed: string[] = [];
    let before = source;
    for (let level = levels.get(source)! + 1; level < levels.get(target)!; level += 1) {
      // No id of an entity contains a space.
      const lane = `lane ${level} ${id}`;
      columns[level]!.push(lane);
      connect(before, lane);
      passed.push(lane);
      before = lane;
    }
    connect(before, target);
    lanes.set(id, passed);
  }
  sortColumns(columns, neighbours);
  return { columns, neighbours, lanes };
}

/** Returns the links without those that close a cycle. */
function withoutCycles(ids: readonly string[], links: readonly Link[]): readonly Link[] {
  const outgoing = Map.groupBy(links, ({ source }) => source);
  const state = new Map<string, 'open' | 'done'>();
  const back = new Set<string>();
  // An explicit stack: a chain may be longer than the call stack.
  for (const root of ids) {
    if (state.has(root)) continue;
    state.set(root, 'open');
    const stack = [{ id: root, rest: [...(outgoing.get(root) ?? [])] }];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const link = top.rest.shift();
      if (!link) {
        state.set(top.id, 'done');
        stack.pop();
      } else if (state.get(link.target) === 'open') back.add(link.id);
      else if (!state.has(link.target)) {
        state.set(link.target, 'open');
        stack.push({ id: link.target, rest: [...(outgoing.get(link.target) ?? [])] });
      }
    }
  }
  return links.filter(({ id }) => !back.has(id));
}

/** Returns the column of each card: the longest path to it. A card without a source is directly before its first target. */
function levelsOf(ids: readonly string[], links: readonly Link[]): Map<string, number> {
  const levels = new Map(ids.map((id) => [id, 0]));
  for (let round = 0; round < ids.length; round += 1) {
    let isChanged = false;
    for (const { source, target } of links) {
      if (levels.get(target)! > levels.get(source)!) continue;
      levels.set(target, levels.get(source)! + 1);
      isChanged = true;
    }
    if (!isChanged) break;
  }
  const targets = new Set(links.map(({ target }) => target));
  for (const id of ids) {
    const next = links.filter(({ source }) => source === id).map(({ target }) => levels.get(target)!);
    if (!targets.has(id) && next.length > 0) levels.set(id, Math.min(...next) - 1);
  }
  return levels;
}

function sortColumns(columns: string[][], neighbours: ReadonlyMap<string, readonly string[]>): void {
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const order = sweep % 2 === 0 ? columns : columns.toReversed();
    for (const [at, column] of order.entries()) {
      const before = order[at - 1];
      if (!before) continue;
      const places = new Map(before.map((id, place) => [id, place]));
      const wanted = new Map(
        column.map((id, place) => {
          const near = (neighbours.get(id) ?? []).flatMap((other) => places.get(other) ?? []);
          return [id, near.length === 0 ? place : near.reduce((sum, each) => sum + each, 0) / near.length];
        }),
      );
      column.sort((one, other) => wanted.get(one)! - wanted.get(other)!);
    }
  }
}
