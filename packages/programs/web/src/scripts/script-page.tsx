import type { ScriptMetadata } from '@medkit/contract';
import { useState } from 'react';
import { useDisabledReason } from '../access/use-disabled-reason.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { EntityLink } from '../entities/entity-link.tsx';
import { gateway, refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Heading } from '../heading/heading.tsx';
import { Confirm } from '../regions/confirm.tsx';
import { Failure } from '../regions/failure.tsx';
import { Skeleton } from '../regions/loaded.tsx';
import { Link } from '../routes/link.tsx';
import { goTo, useSearch } from '../routes/location.ts';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { RunForm } from './run-form.tsx';
import { RunList } from './run-list.tsx';
import { RunView } from './run-view.tsx';
import { type ScriptEntity, shortDigest } from './script-facts.ts';
import { Confinement } from './script-marks.tsx';
import './scripts.css';
import { t } from './texts.ts';

/** Refresh interval of the list of runs. */
const EVERY_MS = 3000;

/** One script: its facts, the form that runs it, its runs, and the selected or newest run with its output. */
export function ScriptPage({ kind, id, script }: ParametersOf<'script'>) {
  if (kind === 'app' || kind === 'component') return <Script entity={{ kind, id }} script={script} />;
  return (
    <div className="stack">
      <Heading>{script}</Heading>
      <p className="soft">{t.notScripted}</p>
    </div>
  );
}

interface ScriptProps {
  readonly entity: ScriptEntity;
  readonly script: string;
}

function Script({ entity, script }: ScriptProps) {
  const path = { script_id: script };
  const detail = useRoute('getScript', { entity, path });
  const runs = useRoute('listScriptExecutions', { entity, path }, { everyMs: EVERY_MS });
  const ofAddress = useSearch().get('x');
  const chosen = ofAddress ?? runs.data?.items[0]?.id;
  return (
    <div className="stack script-page">
      <ScriptHead entity={entity} script={script} detail={detail.data} />
      {detail.error && <Failure error={detail.error} again={detail.refetch} />}
      {!detail.data && !detail.error && <Skeleton height={300} />}
      {detail.data && (
        <div className="script-halves">
          <RunForm entity={entity} script={detail.data} />
          {chosen !== undefined ? (
            <RunView key={chosen} entity={entity} script={detail.data} run={chosen} isChosen={ofAddress !== null} />
          ) : (
            <section className="card script-run script-run-none" aria-label={t.output}>
              <p className="soft">{t.noRunHelp}</p>
            </section>
          )}
          <RunList entity={entity} script={script} runs={runs} chosen={chosen} />
        </div>
      )}
    </div>
  );
}

function ScriptHead({ entity, script, detail }: ScriptProps & { readonly detail: ScriptMetadata | undefined }) {
  const item = useRoute('getTree', {}).data?.items.find(({ type, id }) => type === entity.kind && id === entity.id);
  const about = detail?.['x-medkit'];
  return (
    <header className="stack script-head">
      <nav aria-label={texts.entities.partOf} className="row script-places">
        <Link to={addressOf('scripts', {})}>{texts.shell.scripts}</Link>
        <span aria-hidden="true" className="soft">
          ▸
        </span>
        <EntityLink entity={entity} name={item?.name ?? entity.id} />
      </nav>
      <div className="spread">
        <Heading>{detail?.name ?? script}</Heading>
        {detail && <DeleteScript entity={entity} script={detail} />}
      </div>
      {detail?.description && <p>{detail.description}</p>}
      {detail && (
        <p className="row script-facts">
          {about?.language && <span>{t.languages[about.language]}</span>}
          <Confinement runner={about?.runner} />
          {detail.managed && <span>{t.managed}</span>}
          {typeof about?.timeout_sec === 'number' && <span>{t.timeLimit(about.timeout_sec)}</span>}
          <span className="row">
            {t.digest}
            {about?.sha256 ? (
              <>
                <code title={about.sha256}>{shortDigest(about.sha256)}</code>
                <CopyButton text={about.sha256} label={t.copyDigest} />
              </>
            ) : (
              t.noDigest
            )}
          </span>
        </p>
      )}
    </header>
  );
}

/** Deletes the script after a confirmation. Not offered to users who may not, or for a script of the manifest. */
function DeleteScript({ entity, script }: { readonly entity: ScriptEntity; readonly script: ScriptMetadata }) {
  const [isOpen, setOpen] = useState(false);
  const mayWrite = usePermission('scripts.write');
  const disabledReason = useDisabledReason(entity, 'scripts', 'scripts.write');
  if (!mayWrite) return null;
  const reason = script.managed ? t.managedHelp : disabledReason;
  const remove = async () => {
    await gateway().call('deleteScript', { entity, path: { script_id: script.id } });
    refetchRoutes(['listAllScripts', 'listScripts', 'listAllExecutions']);
    goTo(addressOf('scripts', {}));
  };
  return (
    <div className="row script-delete">
      {reason && <span className="soft">{reason}</span>}
      <button type="button" className="button danger" disabled={reason !== undefined} onClick={() => setOpen(true)}>
        {t.deleteScript}
      </button>
      {isOpen && (
        <Confirm
          title={t.deleteTitle(script.name, entity.id)}
          action={t.deleteNow}
          onConfirm={remove}
          onClose={() => setOpen(false)}
        >
          <p>{t.deleteEffect}</p>
        </Confirm>
      )}
    </div>
  );
}
