import { useState } from 'react';
import { fieldProblems } from '../fleet/field-problems.ts';
import { RobotField } from '../fleet/robot-field.tsx';
import { TextField } from '../fleet/text-field.tsx';
import { gateway, refetchRoutes, useRoute } from '../gateway/gateway.ts';
import { formatSize } from '../recordings/format-size.ts';
import { Confirm } from '../regions/confirm.tsx';
import { timeMs } from '../time/times.ts';
import { lossOf } from './evidence-loss.ts';
import { t } from './texts.ts';

/** Evidence of the robot that is counted: as many as the hub lists in one page. */
const LIMIT = 500;

interface EraseDialogProps {
  /** Name of the robot that the page filters by; empty for all. */
  readonly robot: string;
  readonly onErased: (text: string) => void;
  readonly onClose: () => void;
}

/** Erases the evidence of a robot, after it says what the hub loses. */
export function EraseDialog({ robot: initial, onErased, onClose }: EraseDialogProps) {
  const e = t.erase;
  const [robot, setRobot] = useState(initial);
  const [isKnown, setKnown] = useState(initial !== '');
  const [since, setSince] = useState('');
  const [error, setError] = useState<Error>();
  const problems = fieldProblems(error);
  const name = robot.trim();
  const sinceMs = timeMs(since);
  const erase = async (): Promise<void> => {
    const body = { robot: name, ...(sinceMs !== undefined && { since: new Date(sinceMs).toISOString() }) };
    try {
      const { erased } = await gateway().call('eraseFleetEvidence', { body });
      onErased(e.done(erased, name));
      refetchRoutes(['listFleetEvidence']);
    } catch (failure) {
      setError(failure as Error);
      throw failure;
    }
  };
  return (
    <Confirm
      title={e.title}
      action={e.now}
      isReady={name !== ''}
      {...(name !== '' && { typed: name })}
      onConfirm={erase}
      onClose={onClose}
    >
      <RobotField
        label={e.robot}
        value={robot}
        problem={problems['robot']}
        onType={(text, known) => {
          setRobot(text);
          setKnown(known);
        }}
      />
      <TextField
        label={e.since}
        type="datetime-local"
        value={since}
        onType={setSince}
        problem={problems['since']}
        help={e.sinceHelp}
      />
      {isKnown && <Loss robot={name} sinceMs={sinceMs ?? 0} />}
      <p className="soft">{e.effect}</p>
    </Confirm>
  );
}

function Loss({ robot, sinceMs }: { readonly robot: string; readonly sinceMs: number }) {
  const e = t.erase;
  const { data } = useRoute('listFleetEvidence', { query: { robot, limit: LIMIT } });
  if (!data) return null;
  const { files, bytes, pinned, transfers } = lossOf(data.items, sinceMs);
  const isPart = data.total > data.items.length;
  if (files + transfers === 0 && !isPart) return <p role="status">{e.nothing}</p>;
  return (
    <p role="status">
      <strong>{e.loses(files, formatSize(bytes), pinned)}</strong> {transfers > 0 && e.ends(transfers)}{' '}
      {isPart && e.atLeast}
    </p>
  );
}
