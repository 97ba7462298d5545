import { useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Heading } from '../heading/heading.tsx';
import { Link } from '../routes/link.tsx';
import { useSearch } from '../routes/location.ts';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { readTarget } from './draft.ts';
import { RuleList } from './rule-list.tsx';
import { t } from './texts.ts';
import { TriggerList } from './trigger-list.tsx';
import './triggers.css';

/** The triggers and fault rules of the robot, each in a tab. `?entity=apps/x` shows those of one entity. */
export function TriggersPage(_: ParametersOf<'triggers'>) {
  const search = useSearch();
  const isRules = search.get('tab') === 'rules';
  const entity = search.get('entity') ?? undefined;
  const mayCreate = usePermission(isRules ? 'configurations.write' : 'subscriptions');
  const counts = {
    triggers: useRoute('listAllTriggers', {}).data?.items.length,
    rules: useRoute('listAllFaultTriggers', {}).data?.items.length,
  };
  const tabs = [
    ['triggers', undefined],
    ['rules', 'rules'],
  ] as const;
  return (
    <div className="stack trigger-page">
      <div className="spread">
        <Heading>{t.title}</Heading>
        {mayCreate && (
          <Link
            className="button primary"
            to={addressOf('triggers.new', {}, { as: isRules ? 'fault' : undefined, entity })}
          >
            {isRules ? t.createRule : t.create}
          </Link>
        )}
      </div>
      <nav className="trigger-tabs" aria-label={t.tabs}>
        {tabs.map(([name, tab]) => (
          <Link
            key={name}
            to={addressOf('triggers', {}, { tab, entity })}
            {...((tab === 'rules') === isRules && { 'aria-current': 'page' as const })}
          >
            {t[name]}
            {entity === undefined && counts[name] !== undefined && (
              <span className="number trigger-count">{counts[name]}</span>
            )}
          </Link>
        ))}
      </nav>
      {entity !== undefined && (
        <p className="row">
          <span className="chip">{t.onlyOf(readTarget(search)?.entity.id ?? entity)}</span>
          <Link to={addressOf('triggers', {}, { tab: isRules ? 'rules' : undefined })}>{t.showAll}</Link>
        </p>
      )}
      {isRules ? <RuleList /> : <TriggerList />}
    </div>
  );
}
