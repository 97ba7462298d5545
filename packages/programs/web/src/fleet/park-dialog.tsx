import type { FleetParkRequest } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { timeMs } from '../time/times.ts';
import { t } from './texts.ts';

/** The choice with a time instead of a length. */
const AT_TIME = 'time';
/** The choice without an end. */
const NO_END = 'open';

/** Announces that a robot will be away. */
export function ParkDialog({ robot, onClose }: { readonly robot: string; readonly onClose: () => void }) {
  const p = t.park;
  const [length, setLength] = useState('1440');
  const [until, setUntil] = useState('');
  const [note, setNote] = useState('');
  const [error, setError] = useState<Error>();
  const [isAtWork, setAtWork] = useState(false);
  const refusal = useRefusal('fleet.manage');
  const park = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setAtWork(true);
    setError(undefined);
    try {
      const body = { ...endOf(length, until), ...(note.trim() && { note: note.trim() }) };
      await gateway().call('parkFleetRobot', { path: { robot }, body });
      refetchRoutes(['getFleetRobot', 'listFleetRobots', 'listFleetPresence']);
      onClose();
    } catch (failure) {
      setError(failure as Error);
      setAtWork(false);
    }
  };
  return (
    <Dialog title={p.title(robot)} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void park(event)}>
        <p>{p.effect}</p>
        <label className="fleet-field">
          {p.length}
          <select value={length} onChange={({ target }) => setLength(target.value)}>
            {Object.entries(p.lengths).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        {length === AT_TIME && (
          <label className="fleet-field">
            {p.untilField}
            <input type="datetime-local" required value={until} onChange={({ target }) => setUntil(target.value)} />
          </label>
        )}
        <label className="fleet-field">
          {t.robot.note}
          <input maxLength={2000} value={note} onChange={({ target }) => setNote(target.value)} />
        </label>
        {error && <Failure error={error} />}
        <div className="row">
          <button type="submit" className="button primary" disabled={isAtWork || refusal !== undefined}>
            {p.now}
          </button>
          {refusal && <span className="soft">{refusal}</span>}
        </div>
      </form>
    </Dialog>
  );
}

function endOf(length: string, until: string): Pick<FleetParkRequest, 'minutes' | 'until'> {
  if (length === NO_END) return {};
  if (length !== AT_TIME) return { minutes: Number(length) };
  const ms = timeMs(until);
  return ms === undefined ? {} : { until: new Date(ms).toISOString() };
}
