import type { GatewayRefused } from '@medkit/client';

/** Values that one stream of the gateway follows at most: `MAX_LIVE_VALUES` of the contract, with which a test compares it. */
export const MAX_FOLLOWED = 200;
/** Octets of the list in an address, which has 8,192 at most with the rest of it. */
const MAX_LIST_OCTETS = 6_800;
/** Where the field of an item begins, as the gateway reads it. */
const FIELD = /:(?=\/|$)/;

/** What one tab shows, in the order in which it began to. */
export interface TabWish {
  readonly values: readonly string[];
  readonly isVisible: boolean;
}

/** What a stream follows, and what has no place in it. */
export interface WatchList {
  /** As the gateway numbers them: the fields of an item stand together. */
  readonly watch: readonly string[];
  readonly omitted: readonly string[];
}

/** The list of all that tabs show, without those that cannot be asked for; what visible tabs show comes first, each in its turn. */
export function watchList(tabs: readonly TabWish[], isWrong: (value: string) => boolean): WatchList {
  const chosen = new Set<string>();
  const omitted = new Set<string>();
  const items = new Set<string>();
  let octets = 0;
  for (const value of [...inTurn(tabs, true), ...inTurn(tabs, false)]) {
    if (chosen.has(value) || omitted.has(value) || isWrong(value)) continue;
    const { item, field } = partsOf(value);
    const cost = encodedOctets(`${field !== '' && items.has(item) ? field : value},`);
    if (chosen.size === MAX_FOLLOWED || octets + cost > MAX_LIST_OCTETS) omitted.add(value);
    else {
      chosen.add(value);
      items.add(item);
      octets += cost;
    }
  }
  return { watch: [...chosen].sort(byItem), omitted: [...omitted] };
}

/** Whether a value can stand in a list at all: commas part one from the next, and a colon leads a field of the one before. */
export function isListable(value: string): boolean {
  return value !== '' && value === value.trim() && !value.includes(',') && !value.startsWith(':');
}

/** The list as `watch` takes it: further fields of an item are written without its name. */
export function writtenList(watch: readonly string[]): string {
  let former: string | undefined;
  return watch
    .map((value) => {
      const { item, field } = partsOf(value);
      const isFurther = item === former && field !== '';
      former = item;
      return isFurther ? field : value;
    })
    .join(',');
}

/**
 * The values of a list for which the gateway refuses it, by its error: the one that it names, whose name it shortens where that is
 * long; all where it names none of them. None where the list is not what it refuses.
 */
export function wrongValuesOf(
  watch: readonly string[],
  { status, parameters }: Pick<GatewayRefused, 'status' | 'parameters'>,
): readonly string[] {
  if (status === 414 || status === 431) return watch;
  const { parameter, value: named } = parameters;
  if (status !== 400 || parameter !== 'watch') return [];
  if (typeof named !== 'string' || named === '') return watch;
  if (watch.includes(named)) return [named];
  const longer = watch.filter((value) => value.startsWith(named));
  return longer.length > 0 ? longer : watch;
}

function inTurn(tabs: readonly TabWish[], isVisible: boolean): readonly string[] {
  const lists = tabs.filter((tab) => tab.isVisible === isVisible).map(({ values }) => values);
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list[at] ?? [])).flat();
}

function partsOf(value: string): { readonly item: string; readonly field: string } {
  const at = FIELD.exec(value)?.index ?? value.length;
  return { item: value.slice(0, at), field: value.slice(at) };
}

function byItem(one: string, other: string): number {
  const [first, second] = [partsOf(one), partsOf(other)];
  if (first.item !== second.item) return first.item < second.item ? -1 : 1;
  return first.field < second.field ? -1 : Number(first.field > second.field);
}

/** As an address has it: a comma takes three. */
function encodedOctets(text: string): number {
  return new URLSearchParams({ '': text }).toString().length - 1;
}
