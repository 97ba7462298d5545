import { SovdError } from '@medkit/contract';
import type { Fleet, FleetView } from '@medkit/fleet';
import type { Exchange } from '../http/exchange.ts';
import { answered, filtersOf, pageOf, textsOf } from './fleet-replies.ts';
import type { FleetHandlers } from './without-fleet.ts';

type IssueHandlers = Pick<
  FleetHandlers,
  'listFleetOccurrences' | 'listFleetIssues' | 'getFleetIssue' | 'changeFleetIssue' | 'getFleetFigures' | 'recountFleet'
>;

const OCCURRENCE_FILTERS = ['robot', 'code', 'entity', 'severity', 'version', 'issue', 'state', 'since', 'until'];
const ISSUE_FILTERS = ['state', 'code', 'entity', 'severity', 'version', 'since', 'sort'];

/** The handlers of the issues of a fleet. */
export function issueHandlers({ issues, within }: Pick<Fleet, 'issues' | 'within'>): IssueHandlers {
  const issuesOf = (view: FleetView | undefined) => (view ? within(view).issues : issues);
  const idIn = (path: Exchange['path']): string => path['issue'] ?? '';
  return {
    listFleetOccurrences: async ({ query, view }) => {
      const filters = { ...filtersOf(query), ...textsOf(query, OCCURRENCE_FILTERS) };
      const { items, next } = await answered(() => issuesOf(view).occurrences(filters));
      return { items: [...items], ...(next !== undefined && { next_cursor: next }) };
    },
    listFleetIssues: async ({ query, view }) =>
      pageOf(await answered(() => issuesOf(view).list({ ...filtersOf(query), ...textsOf(query, ISSUE_FILTERS) }))),
    getFleetIssue: async ({ path, view }) => {
      const issue = await answered(() => issuesOf(view).read(idIn(path)));
      if (issue) return issue;
      throw new SovdError({ code: 'resource-not-found', message: `The hub has no issue ${idIn(path)}` });
    },
    changeFleetIssue: ({ path, body, principal }) =>
      answered(() => issues.change(idIn(path), body ?? {}, principal.id)),
    getFleetFigures: ({ query, view }) =>
      answered(() =>
        issuesOf(view).figures(textsOf(query, ['what', 'by', 'sort', 'since', 'until', 'label', 'group'])),
      ),
    recountFleet: () => answered(() => issues.recount()),
  };
}
