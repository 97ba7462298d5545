import type { ScriptExecution, ScriptMetadata } from '@medkit/contract';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Fields } from '../entities/execution-view.tsx';
import { refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Time, useTick } from '../time/time.tsx';
import { formatDuration, timeMs } from '../time/times.ts';
import { OutputView } from './output-view.tsx';
import { RunActions } from './run-actions.tsx';
import { durationText, isUnderWay, pollMs, resultFields } from './run-state.ts';
import { type ScriptEntity, shortDigest } from './script-facts.ts';
import { RunState } from './script-marks.tsx';
import { t } from './texts.ts';

interface RunViewProps {
  readonly entity: ScriptEntity;
  readonly script: ScriptMetadata;
  readonly run: string;
  /** True if the address contains the run. */
  readonly isChosen: boolean;
}

/** A run: its state, progress and output while it runs, then its result and exit code. */
export function RunView({ entity, script, run, isChosen }: RunViewProps) {
  const [everyMs, setEveryMs] = useState(pollMs(undefined));
  const path = { script_id: script.id, execution_id: run };
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // In one column, the form is above the run.
    if (isChosen && matchMedia('(max-width: 900px)').matches) box.current?.scrollIntoView();
  }, [isChosen]);
  const query = useRoute('getScriptExecution', { entity, path }, everyMs === undefined ? {} : { everyMs });
  const { data } = query;
  const next = query.error ? undefined : pollMs(data);
  if (next !== everyMs) {
    setEveryMs(next);
    // It has just ended: the list shows that as well.
    if (next === undefined) refetchRoutes(['listScriptExecutions', 'listAllExecutions']);
  }
  return (
    <div ref={box} className="script-run">
      <Region
        title={
          <span className="row script-run-title">
            <span className="mono">{run}</span>
            {data && <RunState status={data.status} />}
          </span>
        }
        aside={data && <RunActions entity={entity} script={script} run={data} />}
      >
        <Loaded query={query} height={240}>
          {(current) => <Run script={script} run={current} />}
        </Loaded>
      </Region>
    </div>
  );
}

function Run({ script, run }: { readonly script: ScriptMetadata; readonly run: ScriptExecution }) {
  const about = run['x-medkit'];
  const isRunning = isUnderWay(run);
  const result = resultFields(run);
  return (
    <>
      <RunFacts script={script} run={run} />
      {run.error && (
        <div role="status">
          <p className={run.status === 'failed' ? 'severity-2' : ''}>
            {run.error.reason && t.reasons[run.error.reason]} <span className="soft">{run.error.message}</span>
          </p>
        </div>
      )}
      {isRunning && <Progress percent={run.progress ?? undefined} />}
      {result && (
        <section className="stack script-result" aria-label={t.result}>
          <h3>{t.result}</h3>
          <Fields value={result} />
        </section>
      )}
      <OutputView
        title={t.output}
        text={about?.stdout ?? ''}
        isTruncated={about?.stdout_truncated === true}
        isRunning={isRunning}
        fileName={`${script.id}-${run.id}.txt`}
      />
      {about?.stderr && (
        <OutputView
          title={t.errors}
          text={about.stderr}
          isTruncated={about.stderr_truncated === true}
          isRunning={isRunning}
          fileName={`${script.id}-${run.id}-errors.txt`}
        />
      )}
    </>
  );
}

function RunFacts({ script, run }: { readonly script: ScriptMetadata; readonly run: ScriptExecution }) {
  const about = run['x-medkit'];
  const exitCode = about?.exit_code ?? run.error?.exit_code;
  const current = script['x-medkit']?.sha256;
  return (
    <dl className="run-facts">
      {typeof exitCode === 'number' && <Fact name={t.exitCode}>{exitCode}</Fact>}
      <Fact name={t.started}>
        <Time ms={timeMs(run.started_at)} />
      </Fact>
      <Fact name={t.duration}>
        {isUnderWay(run) ? <Elapsed sinceMs={timeMs(run.started_at)} /> : durationText(run)}
      </Fact>
      {about?.client_id && <Fact name={t.by}>{about.client_id}</Fact>}
      {about?.runner && <Fact name={t.runner}>{about.runner}</Fact>}
      {about?.sha256 && (
        <Fact name={t.digest}>
          <code title={about.sha256}>{shortDigest(about.sha256)}</code>
          {current && current !== about.sha256 && <span className="severity-1"> {t.otherDigest}</span>}
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="number">{children}</dd>
    </div>
  );
}

/** The time since the run began. */
function Elapsed({ sinceMs }: { readonly sinceMs: number | undefined }) {
  useTick(1000);
  if (sinceMs === undefined) return <span className="soft">–</span>;
  return <>{formatDuration(Math.max(0, Math.floor((gatewayNowMs() - sinceMs) / 1000) * 1000)).replace('.0', '')}</>;
}

/** The progress as the script reports it; without a report, a bar without end. */
function Progress({ percent }: { readonly percent: number | undefined }) {
  return (
    <div className="run-progress">
      <progress aria-label={t.progress} max={100} {...(percent !== undefined && { value: percent })} />
      {percent !== undefined && <span className="number">{percent} %</span>}
    </div>
  );
}
