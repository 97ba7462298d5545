interface SetupHintProps {
  readonly title: string;
  readonly help: string;
  /** Example of the configuration. */
  readonly example: string;
  readonly guideLabel: string;
  /** Path of the guide in the documentation. */
  readonly guide: string;
}

/** Explains how to enable a feature that is not configured. */
export function SetupHint({ title, help, example, guideLabel, guide }: SetupHintProps) {
  return (
    <>
      <p>
        <strong>{title}</strong>
      </p>
      <p className="soft">{help}</p>
      <pre className="notify-example">{example}</pre>
      <p className="soft">
        {guideLabel}: <code>{guide}</code>
      </p>
    </>
  );
}
