import { useEffect, useId, useRef, useState } from 'react';
import { formatMeasurement } from '../charts/chart-series.ts';
import { EntityLink } from '../entities/entity-link.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { fieldsValue } from '../plots/found-item.ts';
import { numericFields } from '../plots/numeric-fields.ts';
import { goToTarget } from './builder-address.ts';
import { type DraftProblems, pathsOf, type RuleKind, type Target } from './draft.ts';
import { Field } from './field.tsx';
import { ObserveSearch } from './observe-search.tsx';
import { COLLECTIONS, type Collection } from './observed-resource.ts';
import { t } from './texts.ts';
import { useEntityNames } from './use-entity-names.ts';

/** Maximum names offered below a field. */
const MAX_OFFERED = 500;
/** Typing pause after which a name is requested. */
const PAUSE_MS = 300;

interface ObserveFieldsProps {
  readonly as: RuleKind;
  readonly target: Target | undefined;
  readonly problems: DraftProblems;
}

/** What a new rule observes: entity, resource, item and the compared part. The choice is in the address. */
export function ObserveFields({ as, target, problems }: ObserveFieldsProps) {
  const nameOf = useEntityNames();
  if (!target) return <ObserveSearch as={as} isInvalid={problems.has('item')} onChoose={goToTarget} />;
  const { entity, collection } = target;
  return (
    <>
      <div className="row trigger-entity">
        <EntityLink entity={entity} name={nameOf(entity)} />
        <button type="button" className="button" onClick={() => goToTarget(undefined)}>
          {t.change}
        </button>
      </div>
      {as === 'fault' && entity.kind !== 'app' && <p className="partial">{t.noneOfKind}</p>}
      <div className="form-members">
        {as === 'event' && (
          <Field label={t.resource}>
            {(input) => (
              <select
                {...input}
                value={collection}
                onChange={(event) => goToTarget({ entity, collection: event.target.value, item: '' })}
              >
                {COLLECTIONS.map((name) => (
                  <option key={name} value={name}>
                    {t.resources[name]}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {collection !== 'logs' && <ItemField key={collection} target={target} problems={problems} />}
        <PartField target={target} />
      </div>
    </>
  );
}

/** The item of a collection: chosen from those that exist, or typed, because it need not exist yet. */
function ItemField({ target, problems }: { readonly target: Target; readonly problems: DraftProblems }) {
  const { entity, collection, item } = target;
  const names = useItemNames(target);
  const listId = useId();
  const [text, setText] = useState(item);
  const commit = (name: string) => {
    if (name !== item) goToTarget({ entity, collection, item: name }, { replace: true });
  };
  const commitLatest = useRef(commit);
  commitLatest.current = commit;
  // Each name is requested from the gateway, so a name that is being typed waits for a pause.
  useEffect(() => {
    const timer = setTimeout(() => commitLatest.current(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <Field label={t.items[collection]} problem={problems.get('item')} className="trigger-wide">
      {(input) => (
        <>
          <input
            {...input}
            value={text}
            list={listId}
            autoComplete="off"
            spellCheck={false}
            {...(collection !== 'data' && { placeholder: t.anyItem })}
            onChange={(event) => setText(event.target.value)}
            onBlur={() => commit(text)}
          />
          <datalist id={listId}>
            {names.slice(0, MAX_OFFERED).map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

function useItemNames({ entity, collection }: Target): readonly string[] {
  const isOf = (name: Collection) => ({ enabled: collection === name });
  const data = useRoute('listData', { entity }, isOf('data'));
  const faults = useRoute('listFaults', { entity }, isOf('faults'));
  const operations = useRoute('listOperations', { entity }, isOf('operations'));
  const updates = useRoute('listUpdates', {}, isOf('updates'));
  const names: Readonly<Record<Collection, readonly string[]>> = {
    data: data.data?.items.map(({ id }) => id) ?? [],
    faults: faults.data?.items.map(({ fault_code }) => fault_code) ?? [],
    operations: operations.data?.items.map(({ id }) => id) ?? [],
    updates: updates.data?.items ?? [],
    logs: [],
  };
  return [...new Set(names[collection])];
}

/** The part of the value that is compared. */
function PartField({ target }: { readonly target: Target }) {
  const { entity, collection, item, path } = target;
  const isData = collection === 'data';
  const reading = useRoute(
    'getDataItem',
    { entity, path: { data_id: item || '-' } },
    { enabled: isData && item !== '' },
  );
  const fields = isData && reading.data ? numericFields(fieldsValue(reading.data)) : [];
  const paths: readonly (readonly [path: string, text: string])[] =
    collection === 'data'
      ? [
          ['', t.main],
          ...fields
            .filter(({ pointer }) => pointer !== '')
            .map(({ pointer, value }) => [pointer, `${pointer}  ${formatMeasurement(value)}`] as const),
        ]
      : pathsOf(collection).map((each) => [each, each === '' ? t.whole : each.slice(1)] as const);
  const isListed = paths.some(([each]) => each === path);
  return (
    <Field label={t.part} className="trigger-wide">
      {(input) => (
        <select
          {...input}
          value={path}
          onChange={(event) => goToTarget({ entity, collection, item }, { path: event.target.value, replace: true })}
        >
          {!isListed && <option value={path}>{path}</option>}
          {paths.map(([each, text]) => (
            <option key={each} value={each}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
