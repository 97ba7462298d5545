import { GatewayRefused } from '@medkit/client';
import type { AppFaultTrigger } from '@medkit/contract';
import { useMemo, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { FilterBar, SearchField } from '../controls/filter-bar.tsx';
import { useChange, useRoute } from '../gateway/gateway.ts';
import { Confirm } from '../regions/confirm.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { changeSearch, useSearch } from '../routes/location.ts';
import { DataTable } from '../tables/data-table.tsx';
import { thresholdText, valueName } from './condition-text.ts';
import { readTarget } from './draft.ts';
import { EmptyList, FeatureOff } from './empty-list.tsx';
import { ruleColumns, unitOfRule } from './rule-columns.tsx';
import { FaultRuleTrial } from './stored-rule-trial.tsx';
import { t } from './texts.ts';
import { OtherGateways } from './trigger-list.tsx';
import { matchingRules } from './trigger-rows.ts';
import { useEntityNames } from './use-entity-names.ts';

/** The gateway reads the values of the rules every second. */
const EVERY_MS = 2000;
const NOT_FOUND = 404;

/** The fault rules of the robot, or of the app in the address. */
export function RuleList() {
  const entity = readTarget(useSearch())?.entity;
  const app = entity?.kind === 'app' ? { kind: 'app' as const, id: entity.id } : undefined;
  const all = useRoute('listAllFaultTriggers', {}, { enabled: !entity, everyMs: EVERY_MS });
  const ofApp = useRoute(
    'listFaultTriggers',
    { entity: app ?? { kind: 'app', id: '-' } },
    { enabled: app !== undefined, everyMs: EVERY_MS },
  );
  const query = app ? ofApp : all;
  const isOff = query.error instanceof GatewayRefused && query.error.status === NOT_FOUND;
  if (isOff) return <FeatureOff text={t.rulesDisabled} settings={'fault_triggers:\n  enabled: true'} />;
  if (entity && !app) return <EmptyList title={t.noRules} help={t.noneOfKind} />;
  return (
    <Loaded query={query} height={320}>
      {({ items }) => (
        <>
          {items.length === 0 ? (
            <EmptyList title={t.noRules} help={t.noRulesHelp} />
          ) : (
            <FilledList rules={items.map((item) => ({ app_id: app?.id ?? '', ...item }))} />
          )}
          {!entity && <OtherGateways />}
        </>
      )}
    </Loaded>
  );
}

function FilledList({ rules }: { readonly rules: readonly AppFaultTrigger[] }) {
  const text = useSearch().get('q') ?? '';
  const nameOf = useEntityNames();
  const refusal = useRefusal('configurations.write');
  const [removed, remove] = useState<AppFaultTrigger>();
  const [tried, tryOut] = useState<AppFaultTrigger>();
  const columns = useMemo(() => ruleColumns({ nameOf, refusal, onRemove: remove, onTry: tryOut }), [nameOf, refusal]);
  const rows = useMemo(() => matchingRules(rules, text), [rules, text]);
  return (
    <>
      <FilterBar>
        <SearchField label={t.find} value={text} hint={t.findRuleHint} onType={(q) => changeSearch({ q })} />
      </FilterBar>
      <section className="card trigger-table" aria-label={t.rules}>
        <p className="soft number trigger-bar" role="status">
          {t.countedRules(rows.length, rules.length)}
        </p>
        <DataTable isMain label={t.rules} rows={rows} keyOf={keyOfRule} columns={columns} emptyText={t.noRuleMatches} />
      </section>
      {removed && <RemoveRule rule={removed} onClose={() => remove(undefined)} />}
      {tried && <FaultRuleTrial rule={tried} unit={unitOfRule(tried)} onClose={() => tryOut(undefined)} />}
    </>
  );
}

const keyOfRule = ({ app_id, id }: AppFaultTrigger): string => `${app_id}/${id}`;

function RemoveRule({ rule, onClose }: { readonly rule: AppFaultTrigger; readonly onClose: () => void }) {
  const change = useChange('deleteFaultTrigger', { touches: ['listAllFaultTriggers', 'listFaultTriggers'] });
  const entity = { kind: 'app', id: rule.app_id } as const;
  const what = `${valueName(rule.data_name, rule.path)} ${thresholdText(rule)}`;
  return (
    <Confirm
      title={t.removeRuleTitle(rule.id, rule.app_id)}
      action={t.removeNow}
      onConfirm={() => change.mutateAsync({ entity, path: { trigger_id: rule.id } })}
      onClose={onClose}
    >
      <p>{t.removeRuleEffect(what, rule.fault_code)}</p>
    </Confirm>
  );
}
