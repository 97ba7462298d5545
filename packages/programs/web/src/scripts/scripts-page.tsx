import type { EntityScript, EntityScriptList } from '@medkit/contract';
import { Upload } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Choice, FilterBar, SearchField } from '../controls/filter-bar.tsx';
import { useRoute } from '../gateway/gateway.ts';
import { Heading } from '../heading/heading.tsx';
import { FeatureOff, isFeatureOff } from '../regions/feature-off.tsx';
import { Loaded } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { changeSearch, goTo, useSearch } from '../routes/location.ts';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { DataTable } from '../tables/data-table.tsx';
import { texts } from '../texts/texts.ts';
import { scriptColumns, scriptHref } from './script-columns.tsx';
import { entityOfScript, lastRuns, matchingScripts, type ScriptEntity, scriptKey } from './script-facts.ts';
import './scripts.css';
import { t } from './texts.ts';
import { UploadScript } from './upload-script.tsx';

/** No event reports new scripts or runs. */
const EVERY_MS = 5000;
const MAX_RUNS = 500;

/** All scripts of the robot: what they are, how they run, and their last run. */
export function ScriptsPage(_: ParametersOf<'scripts'>) {
  const list = useRoute('listAllScripts', {}, { everyMs: EVERY_MS });
  const [isUploading, setUploading] = useState(false);
  const refusal = useRefusal('scripts.write');
  const isOff = isFeatureOff(list.error);
  const opened = (entity: ScriptEntity, script: string): void =>
    goTo(addressOf('script', { kind: entity.kind, id: entity.id, script }));
  return (
    <div className="stack scripts-page">
      <div className="spread">
        <Heading>{texts.shell.scripts}</Heading>
        {!isOff && (
          <div className="row">
            {refusal && <span className="soft">{refusal}</span>}
            <button
              type="button"
              className="button primary"
              disabled={refusal !== undefined}
              onClick={() => setUploading(true)}
            >
              <Upload size={16} aria-hidden="true" />
              {t.upload}
            </button>
          </div>
        )}
      </div>
      {isOff && list.error ? (
        <FeatureOff title={t.off} reason={list.error.message} config={'scripts:\n  scripts_dir: scripts'}>
          <p className="soft">{t.offHelp}</p>
        </FeatureOff>
      ) : (
        <Loaded query={list} height={300}>
          {(scripts) => (scripts.items.length === 0 ? <NoScripts list={scripts} /> : <Scripts list={scripts} />)}
        </Loaded>
      )}
      {isUploading && <UploadScript onUploaded={opened} onClose={() => setUploading(false)} />}
    </div>
  );
}

function NoScripts({ list }: { readonly list: EntityScriptList }) {
  return (
    <>
      <PartialNotice about={list['x-medkit']} />
      <section className="card stack" aria-label={texts.shell.scripts}>
        <p>
          <strong>{t.noScripts}</strong>
        </p>
        <p className="soft">{t.noScriptsHelp}</p>
        <pre className="feature-config">{t.noScriptsCommand}</pre>
        <p className="soft">{t.noScriptsManifest}</p>
      </section>
    </>
  );
}

function Scripts({ list }: { readonly list: EntityScriptList }) {
  const search = useSearch();
  const [entity, words] = [search.get('entity') ?? '', search.get('q') ?? ''];
  const runs = useRoute('listAllExecutions', { query: { limit: MAX_RUNS } }, { everyMs: EVERY_MS });
  const tree = useRoute('getTree', {}).data?.items;
  const names = useMemo(() => new Map(tree?.map(({ type, id, name }) => [`${type}/${id}`, name])), [tree]);
  const last = useMemo(() => lastRuns(runs.data?.items ?? []), [runs.data]);
  const columns = useMemo(() => scriptColumns(names, last), [names, last]);
  const rows = useMemo(() => matchingScripts(list.items, { entity, words }), [list, entity, words]);
  const entities = useMemo(() => entitiesOf(list.items, names), [list, names]);
  return (
    <>
      <UnconfinedNotice scripts={list.items} />
      <PartialNotice about={list['x-medkit']} />
      <FilterBar>
        <Choice
          label={t.entity}
          value={entity}
          options={[['', t.anyEntity], ...entities]}
          onChoose={(value) => changeSearch({ entity: value })}
        />
        <SearchField
          label={t.search}
          value={words}
          hint={t.searchHint}
          onType={(value) => changeSearch({ q: value })}
        />
        <span className="soft number scripts-count">{t.counted(rows.length)}</span>
      </FilterBar>
      <section className="card scripts-table" aria-label={texts.shell.scripts}>
        <DataTable
          isMain
          label={texts.shell.scripts}
          rows={rows}
          keyOf={scriptKey}
          columns={columns}
          hrefOf={scriptHref}
          emptyText={t.noMatch}
        />
      </section>
    </>
  );
}

/** Explains why scripts of this gateway run unconfined, if the configuration wanted it otherwise. */
function UnconfinedNotice({ scripts }: { readonly scripts: readonly EntityScript[] }) {
  const isPlain = scripts.some((script) => script['x-medkit']?.runner === 'plain');
  const health = useRoute('getHealth', {}, { enabled: isPlain }).data as Readonly<Record<string, unknown>> | undefined;
  const reason = Object(health?.['x-medkit-scripts']).unconfined_because;
  return isPlain && typeof reason === 'string' ? <p className="partial">{t.unconfinedBecause(reason)}</p> : null;
}

/** Returns the entities that have scripts, sorted by name. */
function entitiesOf(
  scripts: readonly EntityScript[],
  names: ReadonlyMap<string, string>,
): readonly (readonly [value: string, text: string])[] {
  const keys = new Set(
    scripts.flatMap((script) => {
      const entity = entityOfScript(script);
      return entity ? [`${entity.kind}/${entity.id}`] : [];
    }),
  );
  return [...keys]
    .map((key) => [key, (names.get(key) ?? key.slice(key.indexOf('/') + 1)).slice(0, 80)] as const)
    .sort(([, one], [, other]) => one.localeCompare(other));
}
