import { useId, useLayoutEffect, useMemo, useRef } from 'react';
import { CopyButton } from '../controls/copy-button.tsx';
import { saveAs } from '../controls/download-link.tsx';
import { formatCount } from '../recordings/format-size.ts';
import { endOfOutput, plainOutput } from './run-output.ts';
import { t } from './texts.ts';

interface OutputViewProps {
  readonly title: string;
  /** Everything that the script wrote to this stream, as far as the gateway stored it. */
  readonly text: string;
  readonly isTruncated: boolean;
  readonly isRunning: boolean;
  readonly fileName: string;
}

/** The output of a run. Follows new lines while it is scrolled to its end, as a terminal does. */
export function OutputView({ title, text, isTruncated, isRunning, fileName }: OutputViewProps) {
  const id = useId();
  const box = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  const plain = useMemo(() => plainOutput(text), [text]);
  const end = useMemo(() => endOfOutput(plain), [plain]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when the output has grown.
  useLayoutEffect(() => {
    if (box.current && isAtEnd.current && isRunning) box.current.scrollTop = box.current.scrollHeight;
  }, [end.text, isRunning]);
  const scrolled = () => {
    const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = box.current ?? {};
    isAtEnd.current = scrollTop + clientHeight >= scrollHeight - 24;
  };
  return (
    <section className="stack run-output" aria-labelledby={id}>
      <div className="spread">
        <h3 id={id}>{title}</h3>
        {plain !== '' && (
          <div className="row">
            <CopyButton text={plain} label={t.copy} />
            <button type="button" className="button" onClick={() => saveAs(new Blob([text]), fileName)}>
              {t.save}
            </button>
          </div>
        )}
      </div>
      {end.omittedLines > 0 && <p className="soft">{t.omitted(formatCount(end.omittedLines))}</p>}
      {plain === '' ? (
        <p className="soft">{isRunning ? t.noOutputYet : t.noOutput}</p>
      ) : (
        <pre
          ref={box}
          className="run-text"
          role="log"
          aria-live="off"
          aria-labelledby={id}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keyboards must reach it.
          tabIndex={0}
          onScroll={scrolled}
        >
          {end.text}
        </pre>
      )}
      {isTruncated && <p className="soft">{t.truncated}</p>}
    </section>
  );
}
