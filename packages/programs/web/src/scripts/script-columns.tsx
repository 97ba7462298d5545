import type { EntityScript, ExecutionSummary } from '@medkit/contract';
import { EntityLink } from '../entities/entity-link.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import type { Column } from '../tables/columns.ts';
import { Ago } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { confinementOf, entityOfScript, scriptKey, shortDigest } from './script-facts.ts';
import { Confinement, RunState, runStateText } from './script-marks.tsx';
import { t } from './texts.ts';

/** Returns the page of a script; `undefined` if its entity cannot have scripts. */
export function scriptHref(script: EntityScript): string | undefined {
  const entity = entityOfScript(script);
  return entity && addressOf('script', { kind: entity.kind, id: entity.id, script: script.id });
}

/** The columns of the list of scripts. `names` are those of entities by kind and id. */
export function scriptColumns(
  names: ReadonlyMap<string, string>,
  last: ReadonlyMap<string, ExecutionSummary>,
): readonly Column<EntityScript>[] {
  const entityName = ({ entity_type, entity_id }: EntityScript) =>
    names.get(`${entity_type}/${entity_id}`) ?? entity_id;
  return [
    {
      id: 'name',
      title: t.name,
      width: '20%',
      sortBy: ({ name }) => name,
      cell: (script) => {
        const to = scriptHref(script);
        return to === undefined ? (
          <strong>{script.name}</strong>
        ) : (
          <Link to={to} className="scripts-name" title={script.id}>
            {script.name}
          </Link>
        );
      },
      under: (script) => {
        const run = last.get(scriptKey(script));
        return [entityName(script), languageText(script), confinementText(script), run && runStateText(run.status)]
          .filter(Boolean)
          .join(' · ');
      },
    },
    {
      id: 'entity',
      title: t.entity,
      width: '15%',
      isWideOnly: true,
      sortBy: entityName,
      cell: (script) => {
        const entity = entityOfScript(script);
        return entity ? <EntityLink entity={entity} name={entityName(script)} /> : script.entity_id;
      },
    },
    {
      id: 'description',
      title: t.description,
      isWideOnly: true,
      className: 'soft scripts-extra',
      cell: ({ description }) => description,
    },
    { id: 'language', title: t.language, width: '6.5rem', isWideOnly: true, sortBy: languageText, cell: languageText },
    {
      id: 'runs',
      title: t.runs,
      width: '7rem',
      isWideOnly: true,
      sortBy: confinementText,
      cell: (script) => <Confinement runner={script['x-medkit']?.runner} />,
    },
    {
      id: 'digest',
      title: t.digest,
      width: '8.5rem',
      isWideOnly: true,
      className: 'mono scripts-extra',
      cell: ({ 'x-medkit': about }) =>
        about?.sha256 ? <span title={about.sha256}>{shortDigest(about.sha256)}</span> : <span className="soft">–</span>,
    },
    {
      id: 'last',
      title: t.lastRun,
      width: '13rem',
      isWideOnly: true,
      sortBy: (script) => timeMs(last.get(scriptKey(script))?.started_at),
      cell: (script) => <LastRun run={last.get(scriptKey(script))} />,
    },
  ];
}

function LastRun({ run }: { readonly run: ExecutionSummary | undefined }) {
  if (!run) return <span className="soft">–</span>;
  return (
    <span className="scripts-last">
      <RunState status={run.status} />
      <Ago ms={timeMs(run.started_at)} />
    </span>
  );
}

function languageText({ 'x-medkit': about }: EntityScript): string {
  return about?.language ? t.languages[about.language] : '';
}

function confinementText({ 'x-medkit': about }: EntityScript): string {
  const confinement = confinementOf(about?.runner);
  return confinement === 'plugin' ? (about?.runner ?? '') : confinement ? t[confinement] : '';
}
