/** A unit of Grafana. */
type GrafanaUnit = 'bytes' | 'percentunit' | 'reqps' | 's' | 'short';

export interface Query {
  readonly expr: string;
  readonly legend: string;
  /** The latest value of each series, for a table. */
  readonly instant?: true;
  /** Unit of the column in a table of several queries, if it differs from that of the panel; `legend` is its heading. */
  readonly unit?: GrafanaUnit;
}

export interface Panel {
  readonly type: 'stat' | 'table' | 'timeseries';
  readonly title: string;
  readonly description: string;
  readonly unit: GrafanaUnit;
  /** Width in columns; a row has 24. */
  readonly width: 4 | 6 | 8 | 12 | 24;
  readonly queries: readonly Query[];
  readonly isStacked?: true;
  /** Value from which the figure is red. */
  readonly red?: number;
}

/** A dashboard of `packaging/grafana`. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** The series of the selected gateways. */
export const SEL = 'job=~"$job", instance=~"$instance"';
export const rate = (series: string) => `rate(${series}[$__rate_interval])`;

/** Returns a panel with one figure for each gateway. */
export const stat = (title: string, description: string, expr: string, others: Partial<Panel> = {}): Panel => ({
  type: 'stat',
  title,
  description,
  unit: 'short',
  width: 4,
  queries: [{ expr, legend: '{{instance}}' }],
  ...others,
});

/** Returns a panel with curves over time. */
export const graph = (
  title: string,
  description: string,
  queries: readonly Query[],
  others: Partial<Panel> = {},
): Panel => ({
  type: 'timeseries',
  title,
  description,
  unit: 'short',
  width: 12,
  queries,
  ...others,
});
