import { FLEET_FIGURES, type FleetFigure, type FleetFigures } from '@medkit/contract';
import { ExitCode } from '../../command/exit-code.ts';
import { remoteCommand } from '../../remote/remote-command.ts';
import { table } from '../../terminal/table.ts';

type Item = FleetFigures['items'][number];
/** A column of a table of figures. */
type Column = readonly [head: string, text: (item: Item) => string];

interface FigureCommand {
  readonly name: string;
  readonly what: FleetFigure;
  readonly about: readonly string[];
  readonly options?: Readonly<Record<string, { readonly takes: string; readonly about: string }>>;
  readonly examples?: readonly (readonly [string, string])[];
}

const OPTIONS = {
  since: { takes: '<time>', about: 'only hours from this time on (ISO 8601); default 30 days ago' },
  until: { takes: '<time>', about: 'only hours up to this time' },
  label: { takes: '<name[=value]>', about: 'only robots with this label' },
  group: { takes: '<group>', about: 'only robots of this group of `fleet groups`' },
} as const;

const figureCommand = ({ name, what, about, options, examples }: FigureCommand) =>
  remoteCommand({
    usage: `fleet ${name}`,
    asksHub: true,
    about,
    options: {
      by: { takes: '<group>', about: `${FLEET_FIGURES[what].join(', ')}; default robot` },
      ...options,
      ...OPTIONS,
    },
    ...(examples && { examples }),
    async run({ client, values, json }) {
      const query = Object.fromEntries(
        ['by', 'sort', ...Object.keys(OPTIONS)].flatMap((each) =>
          values[each] === undefined ? [] : [[each, values[each]]],
        ),
      );
      const { text, value } = await client.ask('getFleetFigures', { query: { what, ...query } });
      console.log(json ? text : figureText(what, value));
      return ExitCode.ok;
    },
  });

/** `medkit fleet mtbf`: lists errors and mean times between errors. */
export const meanTimes = figureCommand({
  name: 'mtbf',
  what: 'mtbf',
  about: [
    'Lists errors, running hours and the mean time between errors with its 90 % interval, the most errors first. Running hours are',
    'those for which medkit ran on the robots.',
  ],
});

/** `medkit fleet mttr`: lists times to repair. */
export const timesToRepair = figureCommand({
  name: 'mttr',
  what: 'mttr',
  about: [
    'Lists the median time from the beginning of a fault until it healed, the most healed ones first. Faults that a person',
    'cleared, and those whose end was not reported, do not count.',
  ],
  examples: [['fleet mttr --by entity', 'which parts take long to recover']],
});

/** `medkit fleet availability`: lists the part of the running hours in which robots could move. */
export const availability = figureCommand({
  name: 'availability',
  what: 'availability',
  about: [
    'Lists 1 - hours for which faults stopped robots / running hours, the most lost hours first. Times of one robot that overlap',
    'count once. An active fault lasts until the hub last read its robot.',
  ],
  examples: [['fleet availability --by site', 'compare the sites']],
});

/** `medkit fleet top`: lists what fails most. */
export const top = figureCommand({
  name: 'top',
  what: 'top',
  about: [
    'Lists the robots, sites, software, issues or entities with the most faults, or that lost the most hours of motion.',
  ],
  options: { sort: { takes: '<order>', about: 'occurrences (default) or lost_hours' } },
  examples: [['fleet top --by issue --sort lost_hours', 'which faults stopped robots for longest']],
});

const hours = (value: number | null | undefined): string => (value == null ? '-' : value.toFixed(1));
const OCCURRENCES: Column = ['OCCURRENCES', ({ occurrences }) => String(occurrences)];
const ERRORS: Column = ['ERRORS', ({ errors }) => String(errors)];
const RUNNING: Column = ['RUNNING H', (item) => hours(item.running_hours)];
const LOST: Column = ['LOST H', (item) => hours(item.lost_hours)];
const tooFew = (few: string): Column => ['', (item) => (item.too_few ? `too few ${few}` : '')];

const COLUMNS: Readonly<Record<FleetFigure, readonly Column[]>> = {
  mtbf: [
    ERRORS,
    OCCURRENCES,
    RUNNING,
    ['MTBF H', (item) => hours(item.mtbf_hours)],
    [
      '90 % INTERVAL',
      (item) => (item.mtbf_low_hours == null ? '-' : `${hours(item.mtbf_low_hours)} to ${hours(item.mtbf_high_hours)}`),
    ],
    tooFew('errors'),
  ],
  mttr: [
    ['HEALED', (item) => String(item.healed ?? '-')],
    OCCURRENCES,
    // Many faults heal within minutes.
    ['MTTR MIN', (item) => hours(item.mttr_hours == null ? undefined : item.mttr_hours * 60)],
    tooFew('healed'),
  ],
  availability: [
    ['AVAILABILITY', (item) => (item.availability == null ? '-' : `${(item.availability * 100).toFixed(2)} %`)],
    LOST,
    RUNNING,
    ERRORS,
  ],
  top: [OCCURRENCES, ERRORS, LOST],
};

/** Figures as a table, and how many robots they come from. */
export function figureText(what: FleetFigure, { by, items, robots, stale }: FleetFigures): string {
  const columns = COLUMNS[what];
  const name = (item: Item): string => {
    const title = item.rule ?? item.fault_code;
    return [item.name ?? 'unknown', ...(title ? [title] : []), ...(item.entity_id ? [item.entity_id] : [])].join(' ');
  };
  const rows = items.map((item) => [name(item), ...columns.map(([, text]) => text(item))]);
  const head = [by.toUpperCase(), ...columns.map(([each]) => each)];
  return `${items.length === 0 ? 'no data' : table(head, rows)}\nfrom ${robots} robots, ${stale} of them not read for 24 h`;
}
