import type { GatewayRefused } from '@medkit/client';

/** Maximum values followed by one stream: `MAX_LIVE_VALUES` of the contract; a test compares them. */
export const MAX_FOLLOWED = 200;
/** Maximum bytes of the list in a URL, whose total limit is 8,192. */
const MAX_LIST_OCTETS = 6_800;
/** Start of the field within a value key, as the gateway parses it. */
const FIELD = /:(?=\/|$)/;

/** The values a tab shows, in the order in which it started to show them. */
export interface TabSubscription {
  readonly values: readonly string[];
  readonly isVisible: boolean;
}

/** The values that a stream follows, and those that do not fit. */
export interface WatchList {
  /** In the order of the gateway: fields of an item are adjacent. */
  readonly watch: readonly string[];
  readonly omitted: readonly string[];
}

/**
 * Builds the watch list from all tabs, without invalid values. Values of visible tabs come first, taken from the tabs
 * in turn.
 */
export function watchList(tabs: readonly TabSubscription[], isWrong: (value: string) => boolean): WatchList {
  const chosen = new Set<string>();
  const omitted = new Set<string>();
  const items = new Set<string>();
  let octets = 0;
  for (const value of [...scheduleWork(tabs, true), ...scheduleWork(tabs, false)]) {
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

/**
 * Returns whether a value can be part of a list: commas separate values, and a leading colon denotes a field of the
 * previous item.
 */
export function isListable(value: string): boolean {
  return value !== '' && value === value.trim() && !value.includes(',') && !value.startsWith(':');
}

/** Formats the list for `watch`: further fields of an item are written without its name. */
export function formatWatchList(watch: readonly string[]): string {
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
 * Returns the values that caused the gateway to refuse a list: the value named in the error, which may be shortened, or
 * all values if it names none. Returns no value if the list was not the reason.
 */
export function rejectedValues(
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

function scheduleWork(tabs: readonly TabSubscription[], isVisible: boolean): readonly string[] {
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

/** Returns the length in bytes after URL encoding; a comma takes three. */
function encodedOctets(text: string): number {
  return new URLSearchParams({ '': text }).toString().length - 1;
}
