import type { AppFaultTrigger } from '@medkit/contract';
import { formatMeasurement } from '../charts/chart-series.ts';
import { Severity } from '../controls/severity.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { unitByName } from '../values/data-units.ts';
import { thresholdText, valueName } from './condition-text.ts';
import { SEVERITIES } from './draft.ts';
import { t } from './texts.ts';
import { stateOfRule } from './trigger-rows.ts';
import type { EntityNameOf } from './use-entity-names.ts';

interface RuleColumnOptions {
  readonly nameOf: EntityNameOf;
  /** Why no rule can be deleted. */
  readonly refusal: string | undefined;
  readonly onRemove: (rule: AppFaultTrigger) => void;
  readonly onTry: (rule: AppFaultTrigger) => void;
}

/** Returns the unit of the value that a rule compares. */
export const unitOfRule = ({ data_name, path }: AppFaultTrigger) =>
  unitByName(path && path !== '/data' ? path : data_name);
const appOf = ({ app_id }: AppFaultTrigger) => ({ kind: 'app', id: app_id }) as const;
const severityOf = ({ severity }: AppFaultTrigger): number => SEVERITIES.indexOf(severity);
const nowText = (rule: AppFaultTrigger): string =>
  typeof rule['x-medkit']?.value === 'number' ? formatMeasurement(rule['x-medkit'].value, unitOfRule(rule)) : '–';

/** The columns of the list of fault rules. */
export function ruleColumns({
  nameOf,
  refusal,
  onRemove,
  onTry,
}: RuleColumnOptions): readonly Column<AppFaultTrigger>[] {
  return [
    {
      id: 'state',
      title: t.columns.state,
      width: '8.5rem',
      isWideOnly: true,
      sortBy: stateOfRule,
      cell: (rule) => {
        const state = stateOfRule(rule);
        return <span className={`trigger-state trigger-${state}`}>{t.ruleStates[state]}</span>;
      },
    },
    {
      id: 'observes',
      title: t.columns.observes,
      sortBy: (rule) => `${nameOf(appOf(rule))} ${rule.data_name}`,
      cell: (rule) => (
        <>
          <Link
            className="trigger-name"
            to={addressOf('entity.item', { ...appOf(rule), item: rule.data_name })}
            tabIndex={-1}
          >
            {valueName(rule.data_name, rule.path)}
          </Link>{' '}
          <span className="soft">{nameOf(appOf(rule))}</span>
        </>
      ),
      under: (rule) =>
        `${t.ruleStates[stateOfRule(rule)]} · ${thresholdText(rule, unitOfRule(rule))} · ${rule.fault_code}`,
    },
    {
      id: 'when',
      title: t.columns.when,
      width: '7rem',
      className: 'number',
      isWideOnly: true,
      cell: (rule) => thresholdText(rule, unitOfRule(rule)),
    },
    {
      id: 'now',
      title: t.columns.value,
      width: '7rem',
      className: 'number',
      isWideOnly: true,
      sortBy: ({ 'x-medkit': about }) => about?.value,
      cell: nowText,
    },
    {
      id: 'fault',
      title: t.columns.fault,
      width: '17%',
      isWideOnly: true,
      sortBy: ({ fault_code }) => fault_code,
      cell: (rule) => <FaultOfRule rule={rule} />,
    },
    {
      id: 'severity',
      title: t.columns.severity,
      width: '7rem',
      isWideOnly: true,
      sortBy: severityOf,
      cell: (rule) => <Severity severity={severityOf(rule)} />,
    },
    {
      id: 'problem',
      title: t.columns.problem,
      width: '14%',
      isWideOnly: true,
      cell: ({ 'x-medkit': about }) => about?.problem && <span title={about.problem}>{about.problem}</span>,
    },
    {
      id: 'actions',
      title: t.columns.actions,
      width: '11rem',
      cell: (rule) => (
        <span className="row">
          <button type="button" className="button trigger-row-action" onClick={() => onTry(rule)}>
            {t.tryRule}
          </button>
          <button
            type="button"
            className="button trigger-row-action"
            disabled={refusal !== undefined}
            title={refusal}
            onClick={() => onRemove(rule)}
          >
            {t.removeRule}
          </button>
        </span>
      ),
    },
  ];
}

/** The fault code of a rule. The fault has a page once it was reported. */
function FaultOfRule({ rule }: { readonly rule: AppFaultTrigger }) {
  const { fault_code: code } = rule;
  if (stateOfRule(rule) !== 'raised') return <span title={code}>{code}</span>;
  return (
    <Link to={addressOf('fault', { ...appOf(rule), code })} tabIndex={-1} title={code}>
      {code}
    </Link>
  );
}
