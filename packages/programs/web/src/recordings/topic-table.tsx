import { bagProblemText } from './bag-problem-text.ts';
import { formatCount } from './format-size.ts';
import type { Bag } from './open-bag.ts';
import { recordingTexts } from './texts.ts';

interface TopicTableProps {
  readonly bag: Bag;
  readonly onChoose: (topic: string) => void;
}

/** The topics of a recording with type and number of messages. */
export function TopicTable({ bag, onChoose }: TopicTableProps) {
  return (
    <details className="recording-topics">
      <summary>{recordingTexts.topics(bag.topics.length)}</summary>
      <table aria-label={recordingTexts.topics(bag.topics.length)}>
        <thead>
          <tr>
            <th scope="col">{recordingTexts.topic}</th>
            <th scope="col">{recordingTexts.type}</th>
            <th scope="col" className="number">
              {recordingTexts.count}
            </th>
          </tr>
        </thead>
        <tbody>
          {bag.topics.map(({ name, type, count, problem }) => (
            <tr key={name}>
              <td>
                {count > 0 && problem === undefined ? (
                  <button type="button" className="button plain recording-choose" onClick={() => onChoose(name)}>
                    {name}
                  </button>
                ) : (
                  name
                )}
              </td>
              <td>
                <span className="mono">{type}</span>
                {problem !== undefined && <div className="soft">{bagProblemText(problem)}</div>}
              </td>
              <td className="number">{formatCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
