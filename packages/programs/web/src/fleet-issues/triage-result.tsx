import { Failure } from '../regions/failure.tsx';
import { t } from './texts.ts';
import type { Triage } from './use-triage.ts';

/** Says what the last decision did, and undoes it. */
export function TriageResultLine({ triage: { result, isAtWork } }: { readonly triage: Triage }) {
  return (
    <>
      <div role="status" className="row">
        {result?.text && <strong>{result.text}</strong>}
        {result?.undo && (
          <button type="button" className="button" disabled={isAtWork} onClick={() => void result.undo?.()}>
            {t.undo}
          </button>
        )}
      </div>
      {result?.error && <Failure error={result.error} />}
    </>
  );
}
