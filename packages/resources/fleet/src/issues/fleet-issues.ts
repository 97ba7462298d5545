import type {
  FleetFigures,
  FleetIssue,
  FleetIssueChange,
  FleetIssueDetail,
  FleetOccurrence,
  FleetRecount,
} from '@medkit/contract';
import type { FleetContext } from '../fleet-context.ts';
import type { FleetPage } from '../robots/list-robots.ts';
import { changeIssue } from './change-issue.ts';
import { type FigureQuery, readFigures } from './figures/read-figures.ts';
import { type IssueQuery, listIssues } from './list-issues.ts';
import { listOccurrences, type OccurrenceQuery } from './list-occurrences.ts';
import { readIssue } from './read-issue.ts';
import { recountIssues } from './recount.ts';

/** Occurrences of faults on all robots, and the issues that they form. */
export interface FleetIssues {
  /** Lists occurrences, the newest first. */
  occurrences(query: OccurrenceQuery): Promise<Omit<FleetPage<FleetOccurrence>, 'total'>>;
  list(query: IssueQuery): Promise<FleetPage<FleetIssue>>;
  /** Returns `undefined` if there is no issue with this id. */
  read(id: string): Promise<FleetIssueDetail | undefined>;
  /** Decides on an issue, sets its owner or adds a note. */
  change(id: string, change: FleetIssueChange, by: string): Promise<FleetIssueDetail>;
  /** Returns mean times, availability or the most frequent faults. */
  figures(query: FigureQuery): Promise<FleetFigures>;
  /** Compares the rollups with the occurrences, and rebuilds them if they are different. */
  recount(): Promise<FleetRecount>;
}

export function fleetIssues(context: FleetContext): FleetIssues {
  return {
    occurrences: (query) => listOccurrences(context, query),
    list: (query) => listIssues(context, query),
    read: (id) => readIssue(context, id),
    change: async (id, change, by) => {
      await context.exclusive(() => changeIssue(context, id, change, by));
      return (await readIssue(context, id))!;
    },
    figures: (query) => readFigures(context, query),
    recount: () => recountIssues(context.store),
  };
}
