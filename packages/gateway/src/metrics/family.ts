import type { Histogram } from './histogram.ts';

/** Units that end a name, as OpenMetrics 1.0.0 requires if a unit is given. */
export type Unit = 'bytes' | 'seconds';

/** One series of a family: a value for each label, and the current figure. */
export interface Series<Label extends string = string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}

interface Described<Label extends string> {
  /** Without the suffixes `_total` and `_info`, which the encoders add. */
  readonly name: string;
  readonly help: string;
  /** A `Unit`, or the unit of a value that the configuration names. */
  readonly unit?: string;
  readonly labels: readonly Label[];
  /** Maximum series; 1 for a family without labels. */
  readonly maxSeries: number;
}

/**
 * A family whose series are read from `Source` at each exposition: a figure that the gateway counts anyway. `info` is a gauge in the text
 * format 0.0.4.
 */
export interface ReadFamily<Source, Label extends string = string> extends Described<Label> {
  readonly type: 'counter' | 'gauge' | 'info';
  readonly read: (source: Source) => readonly Series<Label>[];
}

/** A family whose distribution is observed as it happens. */
export interface HistogramFamily<Source, Label extends string = string> extends Described<Label> {
  readonly type: 'histogram';
  readonly histogram: (source: Source) => Histogram<Label>;
}

/** A family of series of one name. */
export type Family<Source> = ReadFamily<Source> | HistogramFamily<Source>;

type Options<Source, Label extends string> = Omit<ReadFamily<Source, Label>, 'type'>;

/** Defines a figure that only increases while the gateway runs. */
export function counter<Source, Label extends string>(options: Options<Source, Label>): ReadFamily<Source> {
  return { ...options, type: 'counter' };
}

/** Defines a figure that may increase and decrease. */
export function gauge<Source, Label extends string>(options: Options<Source, Label>): ReadFamily<Source> {
  return { ...options, type: 'gauge' };
}

/** Defines a fact: a series with the value 1 whose labels are the fact. */
export function info<Source, Label extends string>(
  options: Omit<Options<Source, Label>, 'read'> & {
    readonly facts: (source: Source) => Readonly<Record<Label, string>>;
  },
): ReadFamily<Source> {
  const { facts, ...described } = options;
  return { ...described, type: 'info', read: (source) => [{ labels: facts(source), value: 1 }] };
}

/** Returns the series of a figure without labels; none if the gateway does not know it. */
export function single(value: number | undefined): readonly Series<never>[] {
  return value === undefined ? [] : [{ labels: {} as Record<never, string>, value }];
}

/** Returns a series for each entry of a table that has one label. */
export function byLabel<Label extends string>(
  label: Label,
  values: Iterable<readonly [string, number | undefined]>,
): readonly Series<Label>[] {
  return Array.from(values).flatMap(([name, value]) =>
    value === undefined ? [] : { labels: { [label]: name } as Record<Label, string>, value },
  );
}

/** Returns the name of a family's series, as a query names it; of a histogram, the part before `_bucket`. */
export function seriesName({ name, type }: Pick<Family<never>, 'name' | 'type'>): string {
  if (type === 'counter') return `${name}_total`;
  return type === 'info' ? `${name}_info` : name;
}
