import { useId } from 'react';
import { Time } from '../time/time.tsx';
import { bagProblemText } from './bag-problem-text.ts';
import { FieldTree } from './field-tree.tsx';
import { formatCount } from './format-size.ts';
import type { CutPart } from './message-budget.ts';
import type { Bag } from './open-bag.ts';
import { recordingTexts } from './texts.ts';
import { useMessageAtCursor } from './use-message.ts';

/** Describes what was cut: `Too large to show completely: 120 of 9000 in /markers`. */
function cutText(cut: readonly CutPart[]): string {
  const parts = cut.map(({ path, included, all }) =>
    recordingTexts.cutPart(formatCount(included), formatCount(all), path),
  );
  return recordingTexts.cut(parts.join(', '));
}

interface TopicViewProps {
  readonly bag: Bag;
  readonly topic: string | undefined;
  readonly onChoose: (topic: string) => void;
}

/** The message of a topic at the cursor, as a tree of fields. */
export function TopicView({ bag, topic, onChoose }: TopicViewProps) {
  const id = useId();
  const known = bag.topics.find(({ name }) => name === topic);
  const at = useMessageAtCursor(bag, known?.problem === undefined ? topic : undefined);
  return (
    <div className="stack recording-topic">
      <div className="row">
        <label htmlFor={id} className="visually-hidden">
          {recordingTexts.topic}
        </label>
        <select id={id} value={topic ?? ''} onChange={(event) => onChoose(event.target.value)}>
          {bag.topics.map(({ name, count }) => (
            <option key={name} value={name} disabled={count === 0}>
              {name}
            </option>
          ))}
        </select>
        <span className="mono soft">{known?.type}</span>
      </div>
      {known?.problem !== undefined && <p>{bagProblemText(known.problem)}</p>}
      {at?.problem !== undefined && <p role="alert">{bagProblemText(at.problem)}</p>}
      {at?.found && (
        <>
          <span className="soft">
            <Time ms={at.found.ms} digits={3} />
          </span>
          {at.found.cut.length > 0 && <p className="soft">{cutText(at.found.cut)}</p>}
          <div className="recording-tree">
            <FieldTree key={topic} message={at.found.message} />
          </div>
        </>
      )}
      {at && !at.found && at.problem === undefined && <p className="soft">{recordingTexts.nothingYet}</p>}
    </div>
  );
}
