import type { FleetRobot } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { parseLabels } from './fleet-filter.ts';
import { t } from './texts.ts';

/** Changes site, labels and note of a robot. */
export function ChangeRobotDialog({ robot, onClose }: { readonly robot: FleetRobot; readonly onClose: () => void }) {
  const r = t.robot;
  const [site, setSite] = useState(robot.site ?? '');
  const [labels, setLabels] = useState(
    Object.entries(robot.labels)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
  );
  const [note, setNote] = useState(robot.note ?? '');
  const [error, setError] = useState<Error>();
  const [isAtWork, setAtWork] = useState(false);
  const refusal = useRefusal('fleet.manage');
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const parsed = parseLabels(labels);
    if ('problem' in parsed) return setError(new Error(r.badLabel(parsed.problem)));
    setAtWork(true);
    setError(undefined);
    try {
      const body = { site: site.trim() || null, labels: parsed.labels, note: note.trim() || null };
      await gateway().call('changeFleetRobot', { path: { robot: robot.id }, body });
      refetchRoutes(['getFleetRobot', 'listFleetRobots']);
      onClose();
    } catch (failure) {
      setError(failure as Error);
      setAtWork(false);
    }
  };
  return (
    <Dialog title={r.editTitle(robot.id)} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void save(event)}>
        <label className="fleet-field">
          {t.site}
          <input maxLength={63} value={site} onChange={({ target }) => setSite(target.value)} />
        </label>
        <label className="fleet-field">
          {r.labels}
          <textarea rows={4} value={labels} spellCheck={false} onChange={({ target }) => setLabels(target.value)} />
          <span className="soft">{r.labelsHelp}</span>
        </label>
        <label className="fleet-field">
          {r.note}
          <textarea rows={3} maxLength={2000} value={note} onChange={({ target }) => setNote(target.value)} />
        </label>
        {error && <Failure error={error} />}
        <div className="row">
          <button type="submit" className="button primary" disabled={isAtWork || refusal !== undefined}>
            {r.save}
          </button>
          {refusal && <span className="soft">{refusal}</span>}
        </div>
      </form>
    </Dialog>
  );
}
